"""Why somebody is suppressed."""

from enum import StrEnum


class Cause(StrEnum):
    """What made the entry; it goes only by the same way."""

    OBJECTION = "objection"
    UNSUBSCRIBE = "unsubscribe"
    WITHDRAWAL = "withdrawal"
    """A consent to the same purpose was withdrawn; a new consent lifts it."""
