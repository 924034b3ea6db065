"""A shelf as the sink that the engine sees."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from connector.accounts.refs import AccountRef
from connector.providers.port import Received
from connector.synced.remove import count_unseen, remove_records, remove_unseen
from connector.synced.save import save_records
from connector.synced.shelves import Shelf
from connector.synced.sinks import Saved, Unseen
from privacy.core.db.work import UnitOfWork
from privacy.vault.keyring import Keyring


@dataclass(frozen=True)
class ShelfSink:
    """Keeps the records of one kind: see connector.synced.sinks.Sink."""

    shelf: Shelf[Any]

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
        """Keep what was received."""
        return save_records(
            work,
            vault=vault,
            shelf=self.shelf,
            account=account,
            stream=stream,
            received=received,
            sweep=sweep,
        )

    def remove(
        self,
        work: UnitOfWork,
        *,
        vault: Keyring,
        account: AccountRef,
        stream: str,
        external_ids: Sequence[str],
    ) -> int:
        """The system deleted these."""
        return remove_records(
            work,
            vault=vault,
            shelf=self.shelf,
            account=account,
            stream=stream,
            external_ids=external_ids,
        )

    def count_unseen(
        self, work: UnitOfWork, *, account: AccountRef, stream: str, sweep: uuid.UUID
    ) -> Unseen:
        """How much `remove_unseen` would remove."""
        return count_unseen(work, shelf=self.shelf, account=account, stream=stream, sweep=sweep)

    def remove_unseen(
        self, work: UnitOfWork, *, account: AccountRef, stream: str, sweep: uuid.UUID
    ) -> int:
        """A sweep has ended: what it did not see is gone."""
        return remove_unseen(work, shelf=self.shelf, account=account, stream=stream, sweep=sweep)
