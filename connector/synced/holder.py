"""Records that name nobody themselves and are found by what they are about."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, func, select

from connector.synced.columns import RecordState
from connector.synced.documents import received_documents
from connector.synced.remove import end_records
from connector.synced.shelves import Shelf
from connector.synced.statements import array
from connector.synced.views import open_records
from privacy.core.db.arrays import Int8s
from privacy.core.db.work import UnitOfWork
from privacy.subjects.holders import Erased, HeldRecord, Subject
from privacy.subjects.words import Because
from privacy.vault.keyring import Keyring


@dataclass(frozen=True)
class RecordHolder:
    """The records of one shelf. What a law obliges to keep is held until its day (B3)."""

    shelf: Shelf[Any]
    title: str
    recipients: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The kind of its records."""
        return self.shelf.kind.value

    @property
    def tables(self) -> frozenset[str]:
        """Its own table."""
        return frozenset({self.shelf.table.name})

    def find(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> int:
        """Held ones as well: they lead to the person by their token."""
        return self._count(work, subject)

    def collect(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Iterable[HeldRecord]:
        """See privacy.subjects.holders.Holder."""
        c = self.shelf.table.c
        mine = self._mine(work, select(*c)).order_by(c.id)
        rows = work.connection.execute(mine, _tokens(subject)).all()
        documents = received_documents(work, vault, self.shelf, [row.id for row in rows])
        for view in open_records(work, vault, self.shelf, rows):
            fields: dict[str, Any] = msgspec.to_builtins(view.record)
            if view.id in documents:
                fields["source_document"] = documents[view.id]
            held = view.state is RecordState.HELD and view.hold_until is not None
            until = view.hold_until.isoformat() if held and view.hold_until else ""
            yield HeldRecord(fields, view.source_name or view.source, until=until)

    def erase(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Erased:
        """See privacy.subjects.holders.Holder."""
        before = self._count(work, subject)
        end_records(work, self.shelf.table, self._about, **_tokens(subject))
        held = self._count(work, subject)
        last = self._mine(work, select(func.max(self.shelf.table.c.hold_until)))
        until = work.connection.execute(last, _tokens(subject)).scalar()
        return Erased(before - held, held, Because.ACCOUNTING, until)

    @property
    def _about(self) -> ColumnElement[bool]:
        about = self.shelf.table.c.about_token
        return about == func.any(array("tokens"))

    def _mine(self, work: UnitOfWork, what: Select[Any]) -> Select[Any]:
        return what.where(self.shelf.table.c.tenant_id == work.tenant_id, self._about)

    def _count(self, work: UnitOfWork, subject: Subject) -> int:
        count = self._mine(work, select(func.count(self.shelf.table.c.id)))
        return work.connection.execute(count, _tokens(subject)).scalar() or 0


def _tokens(subject: Subject) -> dict[str, Any]:
    return {"tokens": Int8s.of(subject.trail.get("records", ()))}
