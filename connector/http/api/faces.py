"""A face: a set of operations with a description of its own. The API is one, for example."""

from dataclasses import dataclass
from typing import Any, Final

from connector.http.api.components import SECURITY
from connector.http.api.refusals import KEY_REFUSALS
from connector.http.api.wordings import DESCRIPTION, TAGS, TITLE
from privacy.core.errors import Forbidden, SiltaError, Unauthenticated


@dataclass(frozen=True, slots=True)
class Face:
    """What a description needs to know besides its operations.

    Args:
        blueprint: of its routes.
        key_name, security: the scheme by which callers are recognised.
        refusals: how a caller can be refused.
        rated: whether answers say what is left of a limit.
    """

    blueprint: str
    title: str
    description: str
    tags: dict[str, str]
    key_name: str
    security: dict[str, Any]
    refusals: tuple[type[SiltaError], ...]
    rated: bool = True


API: Final = Face(
    blueprint="api",
    title=TITLE,
    description=DESCRIPTION,
    tags=TAGS,
    key_name="apiKey",
    security=SECURITY,
    refusals=(Unauthenticated, *KEY_REFUSALS, Forbidden),
)
