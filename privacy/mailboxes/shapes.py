"""A mail that came, as receivers see it: plain text, no markup, no attachments."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Automatic(StrEnum):
    """A machine wrote it. Nobody may be answered because of it (RFC 3834 §2)."""

    REPLY = "reply"
    """Out of office, and the like."""
    BOUNCE = "bounce"
    """A delivery report (RFC 3464)."""
    BULK = "bulk"
    """To many at once."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One mail. Whoever wrote it chose every word of it, the sender's address too.

    Args:
        fingerprint: the same mail has the same one, by whichever way it came twice.
        sender: the one address in From, as it is compared; empty where there is none, or several.
        subject, text: decoded, and as untrusted as before; text without a trailing quotation.
        sent_at: what the mail says of itself.
        addresses: everybody it was addressed to, lower case.
        answers: ids of mails of ours (`privacy.mails`) that it refers to, or that bounced.
        automatic: None where a person seems to have written it.
        status: of a bounce, like `5.1.1` (RFC 3463); empty where it says none.
        attachments: how many were left out.
        cut: whether it was too large to be read to its end.
    """

    fingerprint: bytes = field(repr=False)
    sender: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    sent_at: datetime | None
    addresses: tuple[str, ...] = field(repr=False)
    answers: tuple[uuid.UUID, ...]
    automatic: Automatic | None = None
    status: str = ""
    attachments: int = 0
    cut: bool = False
