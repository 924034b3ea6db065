"""Read the register of breaches: the list, and one with everything that was decided."""

import uuid
from typing import Final

import msgspec
from sqlalchemy import func, select, tuple_

from privacy.breaches.clocks import clocks_of
from privacy.breaches.models import NOTE, WHAT, Breach, BreachNote, BreachTelling
from privacy.breaches.shapes import (
    Audience,
    BreachView,
    Clock,
    ClockState,
    NoteView,
    Risk,
    What,
)
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring

MOST: Final = 100


def list_breaches(
    work: UnitOfWork, vault: Keyring, *, before: uuid.UUID | None = None, limit: int = MOST
) -> list[BreachView]:
    """The latest discovered first, un-notified ones and drills too (Art. 33(5)); in the ledger.

    Args:
        before: only those after this one in that order; none where there is no such one.
    """
    order = tuple_(Breach.discovered_at, Breach.id)
    page = select(Breach).order_by(Breach.discovered_at.desc(), Breach.id.desc()).limit(limit)
    if before is not None:
        last = select(Breach.discovered_at, Breach.id).where(Breach.id == before)
        page = page.where(order < last.scalar_subquery())
    views = [_view(work, vault, row) for row in work.session.scalars(page)]
    record(work, Event.BREACHES_LISTED, facts={"found": len(views)})
    return views


def view_breach(work: UnitOfWork, vault: Keyring, *, breach_id: uuid.UUID) -> BreachView:
    """One loss; in the ledger. Raises NotFound."""
    row = work.session.scalar(select(Breach).where(Breach.id == breach_id))
    if row is None:
        raise NotFound
    record(work, Event.BREACH_VIEWED, subject=breach_id)
    return _view(work, vault, row)


def pressing(work: UnitOfWork) -> list[tuple[Breach, list[Clock]]]:
    """Open losses of the bound tenant with clocks that are due or overdue; drills left out."""
    open_ones = select(Breach).where(Breach.closed_at.is_(None), Breach.drill.is_(False))
    pressed = (ClockState.DUE, ClockState.OVERDUE)
    found = []
    for row in work.session.scalars(open_ones):
        clocks = [one for one in clocks_of(row) if one.state(work.now) in pressed]
        if clocks:
            found.append((row, clocks))
    return found


def _view(work: UnitOfWork, vault: Keyring, row: Breach) -> BreachView:
    what = msgspec.msgpack.decode(WHAT.open(work, vault, row.id, row.what_sealed), type=What)
    told = select(func.count()).where(BreachTelling.breach_id == row.id)
    return BreachView(
        id=row.id,
        origin_id=row.origin_id,
        service=row.service,
        role=row.role,
        risk=Risk(row.risk),
        audience=Audience(row.audience),
        drill=row.drill,
        tables=row.tables,
        tenants=row.tenants,
        people=row.people,
        what=what,
        discovered_at=row.discovered_at,
        recorded_at=row.recorded_at,
        closed_at=row.closed_at,
        users_asked_at=row.users_asked_at,
        told=work.session.scalar(told) or 0,
        clocks=clocks_of(row),
        notes=_notes(work, vault, row),
    )


def _notes(work: UnitOfWork, vault: Keyring, row: Breach) -> list[NoteView]:
    mine = select(BreachNote).where(BreachNote.breach_id == row.id)
    return [
        NoteView(
            one.kind, NOTE.open(work, vault, one.id, one.text_sealed).decode(), one.at, one.noted_by
        )
        for one in work.session.scalars(mine.order_by(BreachNote.at, BreachNote.id))
    ]
