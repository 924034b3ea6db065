"""What the ledger is told of looking at records: how many, which; never what they say."""

import uuid

from connector.synced.shapes import RecordKind
from privacy.core.db.work import ActorKind, UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record


def say_listed(work: UnitOfWork, kind: RecordKind, *, found: int) -> None:
    """One event for each page that was looked at."""
    event = Event.RECORDS_LOOKED_THROUGH if in_console(work) else Event.RECORDS_LISTED
    record(work, event, facts={"kind": kind.value, "found": found})


def say_read(work: UnitOfWork, kind: RecordKind, record_id: uuid.UUID) -> None:
    """One event for each record that was opened by itself."""
    event = Event.RECORD_VIEWED if in_console(work) else Event.RECORD_READ
    record(work, event, subject=record_id, facts={"kind": kind.value})


def in_console(work: UnitOfWork) -> bool:
    """Whether a person looks, not a program."""
    return work.actor.kind is ActorKind.USER
