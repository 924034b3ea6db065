"""One request of an exchange."""

from collections.abc import Mapping
from dataclasses import dataclass, field

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
CSV = "text/csv"


@dataclass(frozen=True, slots=True)
class Post:
    """What is sent. `query` is put behind the address as the exchange would."""

    body: bytes
    content_type: str = JSON
    query: str = ""
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
