"""A request to one of the interfaces, as it came."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Question:
    """`path` begins with a slash; names of headers are in lower case; `base` is this server."""

    method: str
    base: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    form: Mapping[str, str]
    json: Any
    now: datetime
    user: bool = False
    """Whether a user is behind the token, not the application alone."""

    def header(self, name: str) -> str:
        """Empty for none."""
        return self.headers.get(name.lower(), "")
