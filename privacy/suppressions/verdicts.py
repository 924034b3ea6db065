"""The answer to "may I?"."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why something may be sent, or may not."""

    ALWAYS = "always_allowed"
    CONSENTED = "consented"
    NOT_OBJECTED = "not_objected"
    NO_MARKETING = "no_marketing"
    """The service promises none at all (promise C10)."""
    NOT_DECLARED = "purpose_not_declared"
    NO_CONSENT = "no_consent"
    WITHDRAWN = "consent_withdrawn"
    OBJECTED = "objected"
    UNSUBSCRIBED = "unsubscribed"
    RESTRICTED = "restricted"
    """The use of the person's data is restricted (GDPR Art. 18)."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether, and why."""

    allowed: bool
    reason: Reason
