"""States of an inquiry, and the steps between them."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from privacy.core.errors import Conflict


class InquiryState(StrEnum):
    """Where a thread stands."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"
    SPAM = "spam"


STEPS: Final = MappingProxyType(
    {
        InquiryState.OPEN: {InquiryState.ANSWERED, InquiryState.CLOSED, InquiryState.SPAM},
        InquiryState.ANSWERED: {InquiryState.OPEN, InquiryState.CLOSED, InquiryState.SPAM},
        InquiryState.CLOSED: {InquiryState.OPEN, InquiryState.ANSWERED},
        InquiryState.SPAM: {InquiryState.OPEN},
    }
)
"""From each state, those that can follow."""


class IllegalStep(Conflict):
    """The thread does not go there from where it stands."""

    code = "illegal_step"
    message = "This inquiry cannot be changed in that way as it stands. Look at it again."


def check_step(now: str, then: InquiryState) -> None:
    """Raise IllegalStep unless `then` may follow `now`. Staying where one is, is no step."""
    if then not in STEPS[InquiryState(now)]:
        raise IllegalStep
