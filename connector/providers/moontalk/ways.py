"""Ways in which a Moontalk may want to be asked: one of each kind is chosen."""

from enum import StrEnum
from typing import Final

NONE: Final = "-"
"""What is entered where there is no such parameter."""


class SignIn(StrEnum):
    """How we prove who we are."""

    HEADER = "header"
    BEARER = "bearer"
    BASIC = "basic"


class Paging(StrEnum):
    """How a long list is told in parts."""

    CURSOR = "cursor"
    PAGE = "page"
    SINCE = "since"


class Clock(StrEnum):
    """How a moment is written in a question."""

    RFC3339 = "rfc3339"
    EPOCH_S = "epoch_s"
    EPOCH_MS = "epoch_ms"
