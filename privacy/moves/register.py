"""The record of moves, which travels with the data."""

import uuid
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import select

from privacy.core import clock
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM, UnitOfWork, unit_of_work
from privacy.core.ids import new_id
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.moves.comparing import Compared
from privacy.moves.models import MoveRow, MoveState
from privacy.moves.sides import Side

_OVER = (MoveState.FINAL.value, MoveState.UNDONE.value)


def begin_move(old: Side, new: Side, *, revision: str) -> uuid.UUID:
    """The move that is under way, or a new one."""
    with _work(old) as work:
        row = move_under_way(work)
        if row is None:
            row = MoveRow(
                id=new_id(),
                state=MoveState.SYNCING.value,
                from_host=old.host,
                to_host=new.host,
                to_country=new.given.database_country,
                revision=revision,
                began_at=work.now,
            )
            work.session.add(row)
            record(work, Event.MOVE_BEGUN, subject=row.id)
        return row.id


def note_closing(old: Side) -> datetime:
    """From now on nothing is written; a run that goes on keeps the first run's moment."""
    with _work(old) as work:
        row = _under_way(work)
        if row.state != MoveState.SWITCHING.value or row.closed_at is None:
            row.state, row.closed_at = MoveState.SWITCHING.value, clock.now()
        return row.closed_at


def note_open(new: Side, opened: datetime, compared: Compared | None) -> MoveRow:
    """The new side serves; how long nobody could write is measured by this machine's clock."""
    with _work(new) as work:
        row = _under_way(work)
        if row.state != MoveState.OPEN.value and row.closed_at is not None:
            if compared is not None:
                row.tables, row.row_count = compared.tables, compared.rows
            row.state, row.opened_at = MoveState.OPEN.value, opened
            row.downtime_ms = round((row.opened_at - row.closed_at).total_seconds() * 1000)
            facts = {"downtime_ms": row.downtime_ms, "rows": row.row_count or 0}
            record(work, Event.DATABASE_MOVED, subject=row.id, facts=facts)
        return row


def note_taken_back(old: Side, *, code: str) -> None:
    """A switch came to nothing: the link goes on."""
    with _work(old) as work:
        row = _under_way(work)
        row.state, row.failure_code = MoveState.SYNCING.value, code


def note_end(side: Side, state: MoveState) -> None:
    """For good: moved, or never moved."""
    with _work(side) as work:
        row = move_under_way(work)
        if row is not None:
            row.state, row.ended_at = state.value, work.now
            event = Event.MOVE_FINISHED if state is MoveState.FINAL else Event.MOVE_UNDONE
            record(work, event, subject=row.id)


def move_under_way(work: UnitOfWork) -> MoveRow | None:
    """The newest move that is not over."""
    query = select(MoveRow).where(MoveRow.state.not_in(_OVER)).order_by(MoveRow.began_at.desc())
    return work.session.scalars(query.limit(1)).one_or_none()


def _under_way(work: UnitOfWork) -> MoveRow:
    row = move_under_way(work)
    assert row is not None  # noqa: S101 - begun before anything else
    return row


def _work(side: Side) -> AbstractContextManager[UnitOfWork]:
    return unit_of_work(side.engines.app, tenant_id=INSTALLATION_ID, actor=SYSTEM)
