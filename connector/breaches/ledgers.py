"""What an account or an API key read in a time, by the ledger of the bound tenant."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import text

from connector.breaches.measures import measure
from connector.breaches.readings import READINGS, SIGN_INS
from privacy.breaches.scopes import Exposed, Exposure, Reach
from privacy.core.db.work import ActorKind, UnitOfWork
from privacy.ledger.events import Event

_EVENTS = text(
    "SELECT event, subject, facts FROM ledger_events WHERE tenant_id = :tenant "
    "AND actor_kind = :kind AND actor_id = :actor AND at >= :since AND at <= :until ORDER BY id"
)
_KINDS = {
    Exposed.ACCOUNT: ActorKind.USER.value,
    Exposed.API_KEY: ActorKind.API_KEY.value,
}


@dataclass
class _Read:
    listed: int = 0
    named: set[uuid.UUID] = field(default_factory=set)


def read_by(work: UnitOfWork, exposure: Exposure) -> tuple[list[Reach], int]:
    """What was read of each table, and by how many acts.

    Lists say how many they showed, and not which: a list that was looked at twice counts twice.
    """
    tables, reads = defaultdict[str, _Read](_Read), 0
    for row in work.connection.execute(_EVENTS, _given(work, exposure)):
        reading = READINGS.get(row.event)
        if reading is None:
            continue
        reads += 1
        one = tables[reading.table or str(row.facts.get("kind", ""))]
        if reading.fact:
            one.listed += int(row.facts.get(reading.fact, 0))
        else:
            one.named |= _ids([row.subject])
    return [_reach(work, table, tables[table]) for table in sorted(tables)], reads


def fetched_archives(work: UnitOfWork, exposure: Exposure) -> set[uuid.UUID]:
    """Exports of everything that it fetched."""
    events = work.connection.execute(_EVENTS, _given(work, exposure))
    return _ids(row.subject for row in events if row.event == Event.EXPORT_FETCHED.value)


def sign_ins_of(work: UnitOfWork, exposure: Exposure) -> int:
    """How often it proved anew who it is, in the ledger of `work`'s tenant."""
    events = work.connection.execute(_EVENTS, _given(work, exposure))
    return sum(row.event in SIGN_INS for row in events)


def _reach(work: UnitOfWork, table: str, read: _Read) -> Reach:
    if read.listed:
        return Reach(table=table, records=read.listed + len(read.named), at_most=True)
    there, people = measure(work, table, ids=read.named)
    gone = len(read.named) - there
    return Reach(
        table=table,
        records=len(read.named),
        people=None if people is None else people + gone,
        at_most=bool(gone),
    )


def _given(work: UnitOfWork, exposure: Exposure) -> dict[str, object]:
    return {
        "tenant": work.tenant_id,
        "kind": _KINDS[exposure.what],
        "actor": exposure.which,
        "since": exposure.since,
        "until": exposure.until,
    }


def _ids(subjects: Iterable[str | None]) -> set[uuid.UUID]:
    found = set()
    for subject in subjects:
        try:
            found.add(uuid.UUID(subject or ""))
        except ValueError:
            continue
    return found
