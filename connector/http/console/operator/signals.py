"""Signals of intrusion (promise F9): what looks like somebody trying doors, from the ledgers."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from flask import Blueprint, render_template
from sqlalchemy import select

from connector.http.console.event_words import details_of, event_label
from connector.http.console.operator.jobs import Figure
from connector.http.console.operator.visits import visit_all
from privacy.core.db.work import UnitOfWork
from privacy.core.ids import first_id_of
from privacy.ledger.events import Event
from privacy.ledger.models import LedgerEvent
from tenants.http.access import requires
from tenants.permissions import Permission

signals = Blueprint("signals", __name__, url_prefix="/signals")
LOOKS_BACK: Final = timedelta(days=30)
MARGIN: Final = timedelta(hours=1)
"""How far clocks of hosts may be apart, and more."""
SHOWN: Final = 200

WEIGHTS: Final = {
    Event.CLOCK_LEAPT: ("serious", "bad"),
    Event.SIGN_IN_LOCKED: ("look at it", "warn"),
    Event.ACCESS_DENIED: ("look at it", "warn"),
    Event.ACCOUNT_REFUSED: ("look at it", "warn"),
    Event.API_KEY_REFUSED: ("look at it", "warn"),
    Event.SIGN_IN_FAILED: ("usual", "quiet"),
    Event.PASSWORD_RESET_REQUESTED: ("usual", "quiet"),
}
"""Events that count, with how serious one of them is by itself."""
_NAMES: Final = [event.value for event in WEIGHTS]


@dataclass(frozen=True, slots=True)
class Signal:
    """A line of the list."""

    at: datetime
    label: str
    weight: str
    tone: str
    details: str


Row = tuple[datetime, str, dict[str, Any]]


@signals.get("")
@requires(Permission.SIGNALS_READ)
def index() -> str:
    """Counts of a day and a month, and what happened."""
    rows = [row for _, found in visit_all(_look) for row in found]
    rows.sort(key=lambda row: row[0], reverse=True)
    return render_template(
        "operator/signals.html",
        figures=_figures(rows),
        signals=[_signal(row) for row in rows[:SHOWN]],
    )


def _look(work: UnitOfWork) -> list[Row]:
    statement = (
        select(LedgerEvent.at, LedgerEvent.event, LedgerEvent.facts)
        .where(
            LedgerEvent.tenant_id == work.tenant_id,
            LedgerEvent.event.in_(_NAMES),
            LedgerEvent.at > work.now - LOOKS_BACK,
            # Without this the whole ledger would be read, and not only its last month.
            LedgerEvent.id > first_id_of(work.now - LOOKS_BACK - MARGIN),
        )
        .order_by(LedgerEvent.id.desc())
        .limit(SHOWN)
    )
    return [(row.at, row.event, row.facts) for row in work.session.execute(statement)]


def _figures(rows: Iterable[Row]) -> list[Figure]:
    counted = Counter(row[1] for row in rows)
    note = "in 30 days"
    return [
        Figure("Failed sign-ins", counted[Event.SIGN_IN_FAILED], note),
        Figure("Slowed down", counted[Event.SIGN_IN_LOCKED], note),
        Figure("Keys refused", _refused(counted), note),
        Figure("Doors tried", counted[Event.ACCESS_DENIED], note),
    ]


def _refused(counted: Counter[str]) -> int:
    return counted[Event.API_KEY_REFUSED] + counted[Event.ACCOUNT_REFUSED]


def _signal(row: Row) -> Signal:
    at, name, facts = row
    weight, tone = WEIGHTS[Event(name)]
    return Signal(at, event_label(name), weight, tone, details_of(facts, None))
