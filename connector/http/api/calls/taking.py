"""Take a batch of the API in: address it, store it, say what became of each record."""

from dataclasses import dataclass

import msgspec
from sqlalchemy.orm import SessionTransaction

from connector.accounts.received import note_received
from connector.calls.ingest import ingest_calls
from connector.calls.outcomes import IngestOutcome
from connector.calls.records import Batch, Rejection
from connector.http.api.calls.addressing import Addressed, address_book, by_account
from connector.idempotency.run_once import Answer
from privacy.core.db.work import UnitOfWork
from privacy.vault.keyring import Keyring


class Taken(msgspec.Struct, frozen=True):
    """What became of each record; every one is in exactly one of the four.

    `expired` records are older than the retention: they are not stored, and sending them again
    changes nothing.
    """

    accepted: int
    duplicates: int
    expired: int
    rejected: list[Rejection]


@dataclass(frozen=True, slots=True)
class Taker:
    """Takes batches in one unit of work. In test mode everything happens, and is undone."""

    work: UnitOfWork
    vault: Keyring
    test: bool = False

    def take(self, batch: Batch) -> Taken:
        """Store what is good of `batch`, each record under its account."""
        if not self.test:
            return self._store(batch)
        # Undoing the same work is the only way to be sure that a test answers as live does.
        trial: SessionTransaction = self.work.session.begin_nested()
        try:
            return self._store(batch)
        finally:
            trial.rollback()

    def answer(self, batch: Batch) -> Answer:
        return Answer(200, msgspec.json.encode(self.take(batch)))

    def _store(self, batch: Batch) -> Taken:
        addressed, refused = by_account(
            address_book(self.work, {call.account for _, call in batch.records}), batch.records
        )
        # In one order: two batches that name the same accounts then never wait in a ring.
        ordered = sorted(addressed, key=lambda each: each[0].id)
        outcome = IngestOutcome.total(self._ingest(each) for each in ordered)
        rejections = [*batch.rejections, *refused, *outcome.rejections]
        return Taken(
            outcome.accepted,
            outcome.duplicates,
            outcome.expired,
            sorted(rejections, key=lambda rejection: rejection.index),
        )

    def _ingest(self, addressed: Addressed) -> IngestOutcome:
        account, items = addressed
        outcome = ingest_calls(
            self.work,
            vault=self.vault,
            account=account,
            calls=[call for _, call in items],
            indexes=[index for index, _ in items],
        )
        if outcome.proven:
            note_received(self.work, account)
        return outcome
