"""The port between the engine that reads outside systems and the stores of what was read.

One sink a kind of record. A page is saved in one unit of work, together with its cursor: a sink
neither commits nor talks to the outside.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from connector.accounts.refs import AccountRef
from connector.providers.port import Received
from privacy.core.db.work import UnitOfWork
from privacy.vault.keyring import Keyring


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of some received things. Their sum is how many were given."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    """The same as stored already, or older than it."""
    refused: int = 0
    """Not kept: erased, over its time, or not readable."""

    def __add__(self, other: "Saved") -> "Saved":
        return Saved(
            self.created + other.created,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.refused + other.refused,
        )


@dataclass(frozen=True, slots=True)
class Unseen:
    """Things of a stream that a sweep did not see, of all that are living."""

    gone: int = 0
    living: int = 0


class Sink(Protocol):
    """Keeps the things of one kind. Everything belongs to an account and one of its streams."""

    def save(
        self,
        work: UnitOfWork,
        *,
        vault: Keyring,
        account: AccountRef,
        stream: str,
        received: Sequence[Received],
        sweep: uuid.UUID | None,
    ) -> Saved:
        """Keep what was received. Idempotent: the same received twice changes nothing.

        Of two with one external id the higher version wins, else the later one, also within
        `received`. `sweep`: marks each as seen by this sweep, whether it changed or not.
        """

    def remove(
        self,
        work: UnitOfWork,
        *,
        vault: Keyring,
        account: AccountRef,
        stream: str,
        external_ids: Sequence[str],
    ) -> int:
        """The system deleted these. Returns how many were there.

        `vault`: rows are known by keyed digests of their external ids only.
        """

    def count_unseen(
        self, work: UnitOfWork, *, account: AccountRef, stream: str, sweep: uuid.UUID
    ) -> Unseen:
        """How much `remove_unseen` would remove."""

    def remove_unseen(
        self, work: UnitOfWork, *, account: AccountRef, stream: str, sweep: uuid.UUID
    ) -> int:
        """A sweep has ended: what it did not see is gone. Returns how many went."""
