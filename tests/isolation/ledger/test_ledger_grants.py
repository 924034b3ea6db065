"""The application can add to the ledger and change nothing; nobody sees another tenant's."""

import uuid

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from privacy.core.db.work import SYSTEM, unit_of_work
from privacy.ledger.list_events import EventFilter, list_events
from privacy.ledger.verify import verify
from tests.database.ledger.ledgers import ACTOR, ALICE, BRUNO, Ledger, make_ledger
from tests.installations import Installation

TABLES = ("ledger_events", "ledger_pending", "ledger_links", "ledger_heads")


@pytest.fixture
def ledger(installation: Installation) -> Ledger:
    made = make_ledger(installation)
    made.record(3, ALICE)
    made.record(2, BRUNO)
    made.sequence()
    made.record(1, ALICE)
    made.record(1, BRUNO)
    return made


def _refused(engine: Engine, statement: str) -> bool:
    try:
        with engine.begin() as connection:
            connection.execute(
                text("SELECT set_config('app.tenant_id', :tenant, true)"), {"tenant": str(ALICE)}
            )
            connection.execute(text(statement))
    except ProgrammingError as error:
        return "permission denied" in str(error.orig) or "row-level" in str(error.orig)
    return False


@pytest.mark.attack(57)
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "act", ["UPDATE {} SET tenant_id = tenant_id", "DELETE FROM {}", "TRUNCATE {}"]
)
def test_the_application_changes_nothing(ledger: Ledger, table: str, act: str) -> None:
    assert _refused(ledger.installation.engines.app, act.format(table))


@pytest.mark.attack(57)
@pytest.mark.parametrize("table", ["ledger_links", "ledger_heads"])
def test_the_application_cannot_write_the_chain(ledger: Ledger, table: str) -> None:
    statement = f"INSERT INTO {table} SELECT * FROM {table}"
    assert _refused(ledger.installation.engines.app, statement)


@pytest.mark.attack(57)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_events SET facts = '{}'",
        "DELETE FROM ledger_events",
        "INSERT INTO ledger_events SELECT * FROM ledger_events",
        "UPDATE ledger_links SET position = 1",
        "DELETE FROM ledger_links",
        "DELETE FROM ledger_heads",
        "INSERT INTO ledger_pending SELECT tenant_id, id FROM ledger_events",
    ],
)
def test_the_sequencer_can_chain_and_nothing_else(ledger: Ledger, statement: str) -> None:
    assert _refused(ledger.installation.engines.sequencer, statement)


@pytest.mark.attack(35)
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("role", ["app", "relay", "owner"])
def test_no_role_sees_a_ledger_without_a_tenant(ledger: Ledger, table: str, role: str) -> None:
    with getattr(ledger.installation.engines, role).connect() as connection:
        try:
            rows = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
        except ProgrammingError:
            rows = 0
    assert rows == 0


@pytest.mark.attack(57)
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT facts FROM ledger_events",
        "SELECT actor_id FROM ledger_events",
        "UPDATE ledger_events SET facts = '{}'",
        "DELETE FROM ledger_events",
        "DELETE FROM ledger_pending",
        "SELECT 1 FROM ledger_links",
        "SELECT 1 FROM ledger_heads",
    ],
)
def test_the_keeper_adds_and_reads_nothing(ledger: Ledger, statement: str) -> None:
    assert _refused(ledger.installation.engines.keeper, statement)


@pytest.mark.attack(34)
def test_an_event_cannot_be_recorded_for_another_tenant(ledger: Ledger) -> None:
    statement = (
        "INSERT INTO ledger_events (tenant_id, id, at, event, actor_kind, facts) VALUES "
        f"('{BRUNO}', '{uuid.uuid4()}', now(), 'console:user:signed_in', 'user', '{{}}')"
    )
    assert _refused(ledger.installation.engines.app, statement)


@pytest.mark.attack(34)
def test_a_tenant_lists_its_own_events_only(ledger: Ledger) -> None:
    with ledger.work(BRUNO) as work:
        listed = list_events(work).events
    assert [event.position for event in listed] == [None, 2, 1]


def test_a_tenant_can_verify_its_own_chain(ledger: Ledger) -> None:
    app = ledger.installation.engines.app
    with unit_of_work(app, tenant_id=ALICE, actor=SYSTEM) as work:
        identity = ledger.signer.identity
        own = verify(work.connection, identity, ledger.anchors, tenant_id=ALICE)
        other = verify(work.connection, identity, ledger.anchors, tenant_id=BRUNO)
    assert own.intact
    assert (own.links, own.pending) == (3, 1)
    assert other.links == 0  # row-level security: nothing of it can be read


def test_events_page_newest_first_and_filter(ledger: Ledger) -> None:
    expected = sorted(ledger.record(7), reverse=True)
    with ledger.work() as work:
        first = list_events(work, limit=4)
        second = list_events(work, limit=4, cursor=first.next_cursor)
        last = list_events(work, limit=200)
        assert [event.id for event in (first.events + second.events)[:7]] == expected
        assert last.next_cursor is None
        assert len(last.events) == 11
        assert not list_events(work, where=EventFilter(event_prefix="console:")).events
        assert not list_events(work, where=EventFilter(event_prefix="%")).events
        assert len(list_events(work, where=EventFilter(actor_id=ACTOR.id)).events) == 11
        assert not list_events(work, where=EventFilter(subject="other")).events
        assert not list_events(work, where=EventFilter(since=work.now)).events
        assert len(list_events(work, where=EventFilter(until=work.now)).events) == 11
