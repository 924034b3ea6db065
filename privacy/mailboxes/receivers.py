"""Whoever takes mails of one purpose.

A receiver is registered by its purpose in `jobs.tasks.mailboxes.RECEIVERS`. The reader has found
out by then whose mail it is: it opens a unit of work of that tenant, notes that the mail was
taken, and calls the receiver in the same transaction. So a mail is taken once, or not at all.
"""

import uuid
from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from privacy.core.db.work import UnitOfWork
from privacy.mailboxes.purposes import MailPurpose
from privacy.mailboxes.shapes import Incoming
from privacy.vault.keyring import Keyring


class Outcome(StrEnum):
    """What became of a mail; the word is kept with its fingerprint, nothing else is."""

    TAKEN = "taken"
    ANOTHER_SENDER = "another_sender"
    """Taken, but somebody else than expected wrote it."""
    AUTOMATIC = "automatic"
    """A machine wrote it; it was noted, or was not worth it."""
    TOO_LATE = "too_late"
    """What it is about is over."""
    REFUSED = "refused"
    """It was not kept, for a reason of the receiver's."""


class Receiver(Protocol):
    """Takes mails of one purpose. Must not talk to anybody: a transaction is open."""

    def receive(
        self, work: UnitOfWork, vault: Keyring, *, about: uuid.UUID, mail: Incoming
    ) -> Outcome:
        """Take one mail of the bound tenant, about what its address was made for.

        Raises:
            SiltaError: of a status below 500, the mail is put aside; else it is read again later.
        """


Receivers = Mapping[MailPurpose, Receiver]
