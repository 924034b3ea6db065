"""Security advisories: imported, owned, settled; what is late shows (promise F8)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from sqlalchemy import select

from privacy.checks.models import Advisory
from privacy.checks.reports import Reported
from privacy.checks.runs import Check, record_check
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict, Invalid, NotFound
from privacy.core.ids import new_id
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.promises.figures import FigureName, put_figures

Source = Literal["python", "debian"]
Settled = Literal["fixed", "not_affected", "accepted"]

URGENT: Final = timedelta(days=7)
ORDINARY: Final = timedelta(days=30)
OWNED_WITHIN: Final = timedelta(days=3)
"""An advisory without an owner after so long breaks the promise."""
_CHECKS: Final = {"python": Check.ADVISORIES_PYTHON, "debian": Check.ADVISORIES_DEBIAN}
_LONGEST: Final = 2000


class NoOwner(Conflict):
    """Somebody has to own it before it is settled."""

    code = "no_owner"
    message = "Somebody has to own this advisory first."


@dataclass(frozen=True, slots=True)
class AdvisoryView:
    """One advisory."""

    id: uuid.UUID
    source: str
    key: str
    package: str
    installed: str
    fixed: str | None
    urgent: bool
    first_seen_at: datetime
    due_on: date
    owner_id: uuid.UUID | None
    outcome: str
    reasons: str | None
    settled_at: datetime | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Imported:
    """What a report brought."""

    seen: int
    new: int
    gone: int


def import_report(work: UnitOfWork, *, source: Source, reported: Sequence[Reported]) -> Imported:
    """Put a report beside what is known: new ones open, absent ones are gone.

    One that was settled as fixed, or was gone, and comes again is open again.
    """
    known = {(row.key, row.package): row for row in _of_source(work, source)}
    seen, new = set(), 0
    for one in reported:
        place = (one.key, one.package)
        if place in seen:
            continue
        seen.add(place)
        row = known.get(place)
        if row is None:
            new += 1
            work.session.add(_row(work, source, one))
            continue
        row.last_seen_at, row.installed, row.fixed = work.now, one.installed, one.fixed
        if row.outcome in ("fixed", "gone"):
            new += 1
            row.outcome, row.settled_at, row.settled_by = "open", None, None
            row.due_on = _due(work, one)
    absent = [row for place, row in known.items() if place not in seen and row.outcome == "open"]
    for row in absent:
        row.outcome, row.settled_at = "gone", work.now
    work.session.flush()
    facts = {"seen": len(seen), "new": new, "gone": len(absent)}
    record_check(work, _CHECKS[source], passed=not seen, facts=facts)
    count_advisories(work)
    return Imported(len(seen), new, len(absent))


def list_advisories(work: UnitOfWork, *, settled: bool = False) -> list[AdvisoryView]:
    """Open ones by their day; or those that are settled, the latest first."""
    rows = select(Advisory).limit(500)
    if settled:
        rows = rows.where(Advisory.outcome != "open").order_by(Advisory.settled_at.desc())
    else:
        rows = rows.where(Advisory.outcome == "open").order_by(Advisory.due_on, Advisory.key)
    return [_view(work, row) for row in work.session.scalars(rows)]


def own_advisory(work: UnitOfWork, *, advisory_id: uuid.UUID, owner_id: uuid.UUID) -> None:
    """Somebody takes it. Raises NotFound."""
    row = _one(work, advisory_id)
    row.owner_id, row.owned_at = owner_id, work.now
    record(work, Event.ADVISORY_OWNED, subject=advisory_id)
    count_advisories(work)


def settle_advisory(
    work: UnitOfWork, *, advisory_id: uuid.UUID, outcome: Settled, reasons: str
) -> None:
    """What came of it, and why. Raises NotFound, NoOwner, Invalid."""
    row = _one(work, advisory_id)
    if row.owner_id is None:
        raise NoOwner
    said = reasons.strip()
    if not said or len(said) > _LONGEST:
        raise Invalid(fields={"reasons": "Say what was done, or why nothing has to be."})
    row.outcome, row.reasons = outcome, said
    row.settled_at, row.settled_by = work.now, work.actor.id
    record(work, Event.ADVISORY_SETTLED, subject=advisory_id, facts={"outcome": outcome})
    count_advisories(work)


def count_advisories(work: UnitOfWork) -> None:
    """Count what is open, for the metrics."""
    work.session.flush()
    views = list_advisories(work)
    counted = {
        "open": float(len(views)),
        "unowned": float(sum(one.owner_id is None for one in views)),
        "overdue": float(sum(one.overdue for one in views)),
    }
    put_figures(work, FigureName.ADVISORIES, counted)


def _of_source(work: UnitOfWork, source: str) -> list[Advisory]:
    mine = select(Advisory).where(Advisory.source == source).with_for_update()
    return list(work.session.scalars(mine))


def _one(work: UnitOfWork, advisory_id: uuid.UUID) -> Advisory:
    found = select(Advisory).where(Advisory.id == advisory_id).with_for_update()
    row = work.session.scalar(found)
    if row is None:
        raise NotFound
    return row


def _row(work: UnitOfWork, source: str, one: Reported) -> Advisory:
    return Advisory(
        tenant_id=work.tenant_id,
        id=new_id(),
        source=source,
        key=one.key,
        package=one.package,
        installed=one.installed,
        fixed=one.fixed,
        urgent=one.urgent,
        first_seen_at=work.now,
        last_seen_at=work.now,
        due_on=_due(work, one),
        outcome="open",
    )


def _due(work: UnitOfWork, one: Reported) -> date:
    return work.today + (URGENT if one.urgent else ORDINARY)


def _view(work: UnitOfWork, row: Advisory) -> AdvisoryView:
    return AdvisoryView(
        id=row.id,
        source=row.source,
        key=row.key,
        package=row.package,
        installed=row.installed,
        fixed=row.fixed,
        urgent=row.urgent,
        first_seen_at=row.first_seen_at,
        due_on=row.due_on,
        owner_id=row.owner_id,
        outcome=row.outcome,
        reasons=row.reasons,
        settled_at=row.settled_at,
        overdue=row.outcome == "open" and row.due_on < work.today,
    )
