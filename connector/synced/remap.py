"""Map an account's kept documents again: a better mapping reaches what was read before, too."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Engine, Row, select

from connector.accounts.find import find_account
from connector.accounts.refs import ref_of
from connector.providers.port import Received, Stream
from connector.synced.columns import RecordState
from connector.synced.registry import SHELVES
from connector.synced.save import save_records
from connector.synced.shelves import Shelf
from connector.synced.sinks import Saved
from connector.synced.views import open_column
from privacy.core.db.work import Actor, UnitOfWork, unit_of_work
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring

BATCH = 500

_Rows = Sequence[Row[uuid.UUID, int, int | None, bytes | None]]


class Remapper(Protocol):
    """Of a connector.providers.port.Provider, what is needed here."""

    @property
    def streams(self) -> tuple[Stream, ...]:
        """What the vendor has."""

    def remap(self, stream: str, document: bytes) -> Received | None:
        """Map a kept document again."""


@dataclass(frozen=True, slots=True)
class Remapping:
    """One run over one account's records."""

    engine: Engine
    vault: Keyring
    tenant_id: uuid.UUID
    actor: Actor
    account_id: uuid.UUID
    provider: Remapper


OnProgress = Callable[[str, Saved], None]
"""Told after each batch: the stream, and what came of it."""


def remap_records(
    run: Remapping, *, on_progress: OnProgress = lambda _stream, _saved: None
) -> Saved:
    """Read every kept document of the account again. Killed anywhere, it is simply run again.

    Each batch is a transaction. A document that makes no record any more leaves what is stored.

    Returns:
        What changed, and what did not.

    Raises:
        NotFound: no such account.
    """
    total = Saved()
    for stream in run.provider.streams:
        shelf = SHELVES.get(stream.kind)
        if shelf is not None:
            total += _stream(run, shelf, stream.name, on_progress)
    with unit_of_work(run.engine, tenant_id=run.tenant_id, actor=run.actor) as work:
        facts = {"read": total.changed + total.unchanged, "changed": total.changed}
        record(work, Event.RECORDS_REMAPPED, subject=run.account_id, facts=facts)
    return total


def _stream(run: Remapping, shelf: Shelf[Any], stream: str, on_progress: OnProgress) -> Saved:
    total, after = Saved(), uuid.UUID(int=0)
    while True:
        with unit_of_work(run.engine, tenant_id=run.tenant_id, actor=run.actor) as work:
            rows = _next(work, shelf, run.account_id, stream, after)
            saved = _batch(work, run, shelf, stream, rows)
        total += saved
        on_progress(stream, saved)
        if len(rows) < BATCH:
            return total
        after = rows[-1].id


def _batch(work: UnitOfWork, run: Remapping, shelf: Shelf[Any], stream: str, rows: _Rows) -> Saved:
    account = ref_of(find_account(work, run.account_id))
    values = [(row.id.bytes, row.version, row.document_sealed) for row in rows]
    documents = open_column(work, run.vault, shelf, values, "document_sealed")
    made = [
        Received(
            external_id=again.external_id,
            record=again.record,
            document=document,
            version=row.source_version,
        )
        for row, document in zip(rows, documents, strict=True)
        if (again := run.provider.remap(stream, document)) is not None
    ]
    return save_records(
        work,
        vault=run.vault,
        shelf=shelf,
        account=account,
        stream=stream,
        received=made,
        sweep=None,
    )


def _next(
    work: UnitOfWork, shelf: Shelf[Any], account_id: uuid.UUID, stream: str, after: uuid.UUID
) -> _Rows:
    """Locked: what somebody erases meanwhile must not be written again."""
    c = shelf.table.c
    return work.connection.execute(
        select(c.id, c.version, c.source_version, c.document_sealed)
        .where(
            c.tenant_id == work.tenant_id,
            c.account_id == account_id,
            c.stream == stream,
            c.state == RecordState.LIVING.value,
            c.document_sealed.is_not(None),
            c.id > after,
        )
        .order_by(c.id)
        .limit(BATCH)
        .with_for_update()
    ).all()
