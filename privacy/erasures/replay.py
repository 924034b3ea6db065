"""Erase and end again in a restored database what was erased and ended since (ATTACK 64).

A restored database knows fewer segments of the chains than escrow has: it is behind, and is not
to be opened before they were replayed. Replaying deletes rows by their ids. Only what was erased
after the archive was begun is replayed, so data that came later under the same id stays.
"""

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hmac import compare_digest
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, delete, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from privacy.core.db.base import Base
from privacy.core.db.work import UnitOfWork
from privacy.erasures.export import lock_head, note_head
from privacy.erasures.journals import Journal
from privacy.erasures.models import Act, ErasureHead
from privacy.erasures.segments import Note, damaged
from privacy.ledger.journal_marks import JournalMark, Marks

Remake = Callable[[UnitOfWork, uuid.UUID, Mapping[str, Any]], None]
"""Reduces one row again where a part of it is kept, sealed anew, given what its note says. A row
that is not there is no error."""
OpenTenant = Callable[[uuid.UUID], AbstractContextManager[UnitOfWork]]
MARGIN: Final = timedelta(hours=1)
"""An erasure that began before the archive and ended after it is not in the archive. No job may
take longer (see jobs.policy)."""
_BATCH: Final = 500
_NO_MARKS: Final[Marks] = {}
_NAMING: Final = ("created_at", "identity_version", "password_version", "totp_version")
"""Name a row besides its key: another may have come in its place, or it may have moved on."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay did: chains and notes that were gone through, and rows that it met."""

    tenants: int
    notes: int
    rows: int


def replay_erasures(
    open_work: OpenTenant,
    journal: Journal,
    *,
    since: datetime,
    remakes: Mapping[str, Remake],
    known: Collection[uuid.UUID] = (),
    marks: Marks = _NO_MARKS,
) -> Replayed:
    """Replay every chain, a tenant to a transaction; harmless when repeated or killed.

    Args:
        open_work: opens a unit of work of a tenant, under the application's role.
        since: when the archive that was restored was begun.
        remakes: by table, of what is reduced and not only deleted.
        known: tenants of the restored database; who erased before has a chain in escrow.
        marks: how far chains had come, as the anchors say.

    Raises:
        EscrowFailed: a chain is damaged, or shorter than this database or the anchors know: what
            is missing cannot be replayed. That tenant's data is as the archive has it.
    """
    notes = rows = 0
    tenants = sorted({*journal.tenants(), *known})
    for mark in marks.values():
        _check_mark(journal, mark)
    for tenant_id in tenants:
        _check_length(open_work, journal, tenant_id)
    for tenant_id in tenants:
        due = list(_due(journal, tenant_id, since - MARGIN))
        with open_work(tenant_id) as work:
            rows += sum(_apply(work, one, remakes) for one in due)
            _catch_up(work, journal)
        notes += len(due)
    return Replayed(len(tenants), notes, rows)


def tenants_behind(open_work: OpenTenant, journal: Journal) -> list[uuid.UUID]:
    """Tenants of whose erasures this database may not know all: a copy of an earlier moment was
    put back in its place, or an export was killed between escrow and its commit."""
    return [
        tenant_id
        for tenant_id, length in sorted(journal.lengths().items())
        if (known := _known(open_work, tenant_id)) < length
        # A killed export can leave a segment that no head names, and so nobody's.
        and (head := journal.head(tenant_id)) is not None
        and known < head.last
    ]


def replay_unknown(
    work: UnitOfWork, journal: Journal, *, remakes: Mapping[str, Remake]
) -> Replayed:
    """Replay the segments of the bound tenant's chain that this database does not know.

    Raises:
        EscrowFailed: the chain is damaged.
    """
    known = lock_head(work).segments
    segments = [one for one in journal.segments(work.tenant_id) if one.number > known]
    due = [note for segment in segments for note in segment.notes]
    rows = sum(_apply(work, one, remakes) for one in due)
    _catch_up(work, journal)
    return Replayed(1, len(due), rows)


def _due(journal: Journal, tenant_id: uuid.UUID, since: datetime) -> Iterator[Note]:
    for segment in journal.segments(tenant_id):
        yield from (note for note in segment.notes if note.at >= since)


def _catch_up(work: UnitOfWork, journal: Journal) -> None:
    head = journal.head(work.tenant_id)
    if head is not None:
        note_head(lock_head(work), head)


def _check_length(open_work: OpenTenant, journal: Journal, tenant_id: uuid.UUID) -> None:
    """Escrow is written before the database, so it is never behind: a journal that is has lost
    its end, or all of it."""
    head = journal.head(tenant_id)
    if _known(open_work, tenant_id) > (head.last if head is not None else 0):
        raise damaged("it is shorter than this database knows")


def _check_mark(journal: Journal, mark: JournalMark) -> None:
    """Whoever can write to escrow can put an older state back, but cannot reach the anchors."""
    head = journal.head(mark.tenant_id)
    if head is None or head.last < mark.segments:
        raise damaged("it is shorter than the anchors know")
    mac = journal.mac_of(mark.tenant_id, mark.segments)
    if mac is not None and not compare_digest(mac, mark.mac):
        raise damaged("it is not the one that the anchors know")


def _known(open_work: OpenTenant, tenant_id: uuid.UUID) -> int:
    with open_work(tenant_id) as work:
        row = work.session.get(ErasureHead, tenant_id)
        return row.segments if row is not None else 0


def _apply(work: UnitOfWork, note: Note, remakes: Mapping[str, Remake]) -> int:
    table = Base.metadata.tables[note.relation]
    rows = [{name: _value(table, name, value) for name, value in row.items()} for row in note.rows]
    match Act(note.act):
        case Act.DELETED:
            return sum(
                _delete(work, table, rows[at : at + _BATCH]) for at in range(0, len(rows), _BATCH)
            )
        case Act.CHANGED | Act.ENDED:
            return sum(_change(work, table, row, remakes.get(note.relation)) for row in rows)
        case Act.ADDED:
            return sum(_add(work, table, row) for row in rows)


def _delete(work: UnitOfWork, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    names = list(rows[0])
    these = tuple_(*(table.c[name] for name in names)).in_(
        [tuple(row[name] for name in names) for row in rows]
    )
    mine = table.c.tenant_id == work.tenant_id
    return work.connection.execute(delete(table).where(mine, these)).rowcount


def _change(work: UnitOfWork, table: Table, row: Mapping[str, Any], remake: Remake | None) -> int:
    if remake is not None:
        remake(work, row["id"], row)
        work.session.flush()
    naming = {*table.primary_key.columns.keys(), *_NAMING}
    values = {name: value for name, value in row.items() if name not in naming}
    where: list[ColumnElement[bool]] = [table.c.tenant_id == work.tenant_id]
    where += [table.c[name] == row[name] for name in naming & row.keys()]
    if not values:
        return int(remake is not None)
    return work.connection.execute(update(table).where(*where).values(values)).rowcount


def _add(work: UnitOfWork, table: Table, row: Mapping[str, Any]) -> int:
    statement = insert(table).values(tenant_id=work.tenant_id, **row)
    return work.connection.execute(statement.on_conflict_do_nothing()).rowcount


def _value(table: Table, name: str, value: Any) -> Any:
    """As JSON has it → as the column takes it."""
    kind = table.c[name].type.python_type
    if value is None or kind not in (uuid.UUID, date, datetime):
        return value
    return uuid.UUID(value) if kind is uuid.UUID else kind.fromisoformat(value)
