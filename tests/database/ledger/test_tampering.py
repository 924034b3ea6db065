"""A database administrator edits, deletes, reorders, erases: verification says where."""

import uuid

import pytest
from sqlalchemy import text

from privacy.ledger.commitments import commit, opens
from privacy.ledger.events import Event
from privacy.ledger.findings import Problem
from privacy.ledger.record import record
from tests.database.ledger.conftest import LENGTH
from tests.database.ledger.ledgers import (
    ALICE,
    EVENT_CHANGE,
    LINK_CHANGE,
    Ledger,
)

VICTIM = 4


@pytest.mark.attack(57)
@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 microsecond'",
        "event = 'console:user:signed_out'",
        "actor_kind = 'system'",
        "actor_id = NULL",
        "actor_id = gen_random_uuid()",
        "subject = 'other'",
        "subject = NULL",
        "facts = facts || '{\"count\": 99}'",
        "facts = '{}'",
        "facts = '[1]'",
        "facts = jsonb_set(facts, '{live}', '\"b1\"')",
        "facts = jsonb_set(facts, '{count}', '3.5')",
        "facts = facts || '{\"more\": 1}'",
        "commitment = '\\x00'",
    ],
)
def test_every_column_of_an_event_is_under_the_chain(
    ledger: Ledger, events: list[uuid.UUID], change: str
) -> None:
    assert ledger.tamper(EVENT_CHANGE.format(change=change), at=VICTIM) == 1
    first = ledger.verify().first
    assert first is not None
    assert first.problem is Problem.EDITED_EVENT
    assert (first.position, first.event_id) == (VICTIM, events[VICTIM - 1])


@pytest.mark.attack(57)
@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("digest = sha256(digest)", Problem.EDITED_LINK),
        ("previous = sha256(previous)", Problem.WRONG_PREVIOUS),
        ("event_digest = sha256(event_digest)", Problem.EDITED_EVENT),
        ("event_id = gen_random_uuid()", Problem.DELETED_EVENT),
        ("position = 100", Problem.MISSING_LINK),
    ],
)
def test_every_column_of_a_link_is_under_the_chain(
    ledger: Ledger, events: list[uuid.UUID], change: str, problem: Problem
) -> None:
    ledger.tamper(LINK_CHANGE.format(change=change), at=VICTIM)
    first = ledger.verify().first
    assert first is not None
    assert (first.problem, first.position) == (problem, VICTIM)


@pytest.mark.attack(57)
@pytest.mark.parametrize("position", range(1, LENGTH + 1))
def test_a_mutation_is_named_by_its_index(
    ledger: Ledger, events: list[uuid.UUID], position: int
) -> None:
    ledger.tamper(EVENT_CHANGE.format(change="facts = '{}'"), at=position)
    first = ledger.verify().first
    assert first is not None
    assert first.position == position


@pytest.mark.attack(57)
def test_a_deleted_event_is_named(ledger: Ledger, events: list[uuid.UUID]) -> None:
    ledger.tamper("DELETE FROM ledger_events WHERE id = :id", id=events[VICTIM - 1])
    first = ledger.verify().first
    assert first is not None
    assert (first.problem, first.event_id) == (Problem.DELETED_EVENT, events[VICTIM - 1])


@pytest.mark.attack(57)
def test_a_deleted_event_with_its_link_is_named(ledger: Ledger, events: list[uuid.UUID]) -> None:
    ledger.tamper("DELETE FROM ledger_events WHERE id = :id", id=events[VICTIM - 1])
    ledger.tamper("DELETE FROM ledger_links WHERE position = :at", at=VICTIM)
    first = ledger.verify().first
    assert first is not None
    assert (first.problem, first.position) == (Problem.MISSING_LINK, VICTIM)


@pytest.mark.attack(57)
def test_reordered_links_are_named(ledger: Ledger, events: list[uuid.UUID]) -> None:
    for old, new in ((4, -4), (5, 4), (-4, 5)):
        ledger.tamper("UPDATE ledger_links SET position = :n WHERE position = :o", o=old, n=new)
    first = ledger.verify().first
    assert first is not None
    assert (first.problem, first.position) == (Problem.REORDERED, 4)


@pytest.mark.attack(57)
def test_an_event_put_in_behind_the_sequencers_back_is_named(
    ledger: Ledger, events: list[uuid.UUID]
) -> None:
    extra = uuid.uuid4()
    ledger.tamper(
        "INSERT INTO ledger_events (tenant_id, id, at, event, actor_kind, facts) "
        "VALUES (:tenant, :id, now(), 'console:user:signed_in', 'user', '{}')",
        tenant=ALICE,
        id=extra,
    )
    first = ledger.verify().first
    assert first is not None
    assert (first.problem, first.event_id) == (Problem.UNCHAINED_EVENT, extra)


@pytest.mark.attack(57)
def test_an_event_deleted_while_it_waits_leaves_its_mark(ledger: Ledger) -> None:
    (event_id,) = ledger.record(1)
    ledger.tamper("DELETE FROM ledger_events")
    assert ledger.sequence() == 0
    first = ledger.verify().first
    assert first is not None
    assert (first.problem, first.event_id) == (Problem.STRAY_MARK, event_id)


@pytest.mark.attack(60)
def test_erasure_leaves_the_proof_and_nothing_to_read(ledger: Ledger) -> None:
    """The day's key is destroyed; the chain verifies as before and tells nothing."""
    number = b"+12025550143"
    key: bytes | None = bytes(range(32))
    assert key is not None
    proof = commit(key, number)
    with ledger.work() as work:
        record(work, Event.CALLS_SEARCHED, facts={"hits": 3}, commitment=proof)
    ledger.record(2)
    ledger.sequence()
    with ledger.work() as work:
        kept = work.connection.execute(
            text("SELECT commitment FROM ledger_events WHERE commitment IS NOT NULL")
        ).scalar_one()
    assert opens(key, kept, number)
    assert not opens(key, kept, b"+12025550144")
    key = None  # destroyed with its day
    assert ledger.verify().intact
    with ledger.superuser() as connection:
        for table in ("ledger_events", "ledger_links", "ledger_heads", "ledger_pending"):
            stored = connection.execute(text(f"SELECT t::text FROM {table} t")).scalars()
            assert all(number.decode() not in row and number.hex() not in row for row in stored)


def test_a_report_can_be_a_document(ledger: Ledger, events: list[uuid.UUID]) -> None:
    ledger.tamper(EVENT_CHANGE.format(change="facts = '{}'"), at=2)
    document = ledger.verify().as_dict()
    assert document["intact"] is False
    assert document["tenant_id"] == str(ALICE)
    assert document["findings"] == [
        {
            "problem": "edited_event",
            "position": 2,
            "event_id": str(events[1]),
            "message": "the event is not the one that was chained",
        }
    ]
