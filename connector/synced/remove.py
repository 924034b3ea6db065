"""What is gone at its source is erased here, unless a law still obliges to keep it (promise B3)."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, func, or_, select, update

from connector.accounts.refs import AccountRef
from connector.synced.columns import RecordState
from connector.synced.shelves import Shelf, record_id, source_index
from connector.synced.sinks import Unseen
from connector.synced.statements import array
from privacy.core.db.arrays import Uuids
from privacy.core.db.work import UnitOfWork
from privacy.vault.keyring import Keyring


def remove_records(
    work: UnitOfWork,
    *,
    vault: Keyring,
    shelf: Shelf[Any],
    account: AccountRef,
    stream: str,
    external_ids: Sequence[str],
) -> int:
    """See connector.synced.sinks.Sink.remove."""
    index = source_index(work, vault)
    ids = [record_id(index, shelf.kind, account.id, stream, each) for each in external_ids]
    if not ids:
        return 0
    return end_records(
        work, shelf.table, shelf.table.c.id == func.any(array("ids")), ids=Uuids.of(sorted(ids))
    )


def remove_unseen(
    work: UnitOfWork, *, shelf: Shelf[Any], account: AccountRef, stream: str, sweep: uuid.UUID
) -> int:
    """See connector.synced.sinks.Sink.remove_unseen."""
    of_stream = _of_stream(shelf.table, account, stream)
    return end_records(work, shelf.table, of_stream & _unseen(shelf.table, sweep))


def count_unseen(
    work: UnitOfWork, *, shelf: Shelf[Any], account: AccountRef, stream: str, sweep: uuid.UUID
) -> Unseen:
    """See connector.synced.sinks.Sink.count_unseen."""
    c = shelf.table.c
    statement = select(
        func.count().filter(_unseen(shelf.table, sweep)).label("gone"), func.count().label("living")
    ).where(
        c.tenant_id == work.tenant_id,
        c.state == RecordState.LIVING.value,
        _of_stream(shelf.table, account, stream),
    )
    gone, living = work.connection.execute(statement).one()
    return Unseen(gone, living)


def _of_stream(table: Table, account: AccountRef, stream: str) -> ColumnElement[bool]:
    return (table.c.account_id == account.id) & (table.c.stream == stream)


def _unseen(table: Table, sweep: uuid.UUID) -> ColumnElement[bool]:
    return or_(table.c.seen_sweep.is_(None), table.c.seen_sweep != sweep)


def end_records(work: UnitOfWork, table: Table, which: ColumnElement[bool], **given: object) -> int:
    """Erase living records, or hold them where a law obliges. Returns how many it met.

    A held record loses what it was mapped from: the record itself is the voucher.
    """
    c = table.c
    living = (c.tenant_id == work.tenant_id) & (c.state == RecordState.LIVING.value) & which
    obliged = c.hold_until > work.today
    held = (
        update(table)
        .where(living & obliged)
        .values(state=RecordState.HELD.value, gone_at=work.now, document_sealed=None)
    )
    erased = delete(table).where(living & or_(c.hold_until.is_(None), ~obliged))
    gone = work.connection.execute(held, given).rowcount
    return int(gone + work.connection.execute(erased, given).rowcount)
