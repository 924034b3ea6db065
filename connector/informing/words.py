"""Closed lists: who is to be informed, how it was done, and why it need not be (Art. 14(5))."""

from enum import StrEnum


class WhoKind(StrEnum):
    """Kinds of people that we have not asked for their data themselves."""

    CONTACT = "contact"
    CALLS = "calls"
    """Callers and called parties of one connected telephone system."""


class How(StrEnum):
    """How people were informed."""

    MAIL = "mail"
    LETTER = "letter"
    CONTRACT = "contract"
    ANNOUNCEMENT = "announcement"
    """Played before the call is answered."""
    WEBSITE = "website"


class Exempt(StrEnum):
    """Why they need not be (GDPR Art. 14(5)(a) to (d))."""

    KNOWN = "known"
    EFFORT = "effort"
    LAW = "law"
    SECRECY = "secrecy"
