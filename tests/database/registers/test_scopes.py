"""What a loss reached is computed from the ledger and the key ring, not guessed (Art. 33(3))."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from connector.breaches.controllers import tell_controllers
from connector.breaches.measures import BY_DAY
from connector.breaches.preview import scope_of
from connector.breaches.readings import READINGS
from connector.calls.queries import Query
from connector.calls.search import search_calls
from connector.contacts.kinds import TokenKind
from connector.contacts.search import ContactQuery, search_contacts
from privacy.breaches.decide import put_scope
from privacy.breaches.drafts import draft_notice
from privacy.breaches.find import list_breaches, view_breach
from privacy.breaches.record import record_breach
from privacy.breaches.scopes import Exposed, Exposure, Reach, Scope
from privacy.breaches.shapes import Discovered, What
from privacy.core.db.work import SYSTEM, Actor, ActorKind, unit_of_work
from privacy.core.errors import Invalid
from privacy.core.ids import new_id
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.retention.rules import CALLS
from privacy.vault.destructions import destroy_days
from tests.database.exports.houses import exported
from tests.database.subjects.people import EMAIL, Rights, desk_of, fill_every_room
from tests.databases import Databases
from tests.factories import days_ago
from tests.installations import make_installation
from tests.isolation.walls.test_ciphertexts import BY_DAY as SEALED_BY_DAY
from tests.servers import Servers
from tests.tenancies import House, Tenancy

pytestmark = [pytest.mark.promise("F6"), pytest.mark.attack(69)]


@pytest.fixture(scope="module")
def house(
    servers: Servers, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """Alice's rooms are full: Robin and Sam, with calls of today and of nine days ago."""
    with databases.one() as name:
        made = House(make_installation(servers, name, tmp_path_factory.mktemp("scopes")))
        fill_every_room(Rights(made, made.alice).tenant)
        Rights(made, made.charlie)
        yield made


def _moment(tenant: Tenancy) -> datetime:
    with tenant.work() as work:
        return work.now


def _scope(house: House, what: Exposed, tenant: Tenancy | None = None, **given: Any) -> Scope:
    tenant = tenant or house.alice
    now = _moment(tenant)
    exposure = Exposure(what=what, **({"since": now - timedelta(days=2), "until": now} | given))
    return scope_of(
        house.installation.engines.app, actor=SYSTEM, tenant_id=tenant.id, exposure=exposure
    )


def _by_table(scope: Scope) -> Mapping[str, Reach]:
    return {one.table: one for one in scope.reaches}


def test_a_copy_without_keys_says_of_whom_nothing_is(house: House) -> None:
    scope = _scope(house, Exposed.DATABASE)
    assert (scope.tables, scope.people_most) == ([], 0)
    found = _by_table(scope)
    assert found["contacts"].unreadable == 2
    assert found["calls"].unreadable == 4


def test_keys_of_days_open_those_days_until_they_are_destroyed(house: House) -> None:
    today = _moment(house.alice).date()
    first = today - timedelta(days=1)
    scope = _scope(house, Exposed.DAY_KEYS, first_day=first, last_day=today)
    calls = _by_table(scope)["calls"]
    assert (calls.records, calls.unreadable, calls.people) == (3, 1, 3), "Robin, Sam, a third"
    assert set(scope.tables) <= set(BY_DAY)
    wider = _scope(house, Exposed.DAY_KEYS, first_day=today - timedelta(days=20), last_day=today)
    assert _by_table(wider)["calls"].people == 5, "a token means something on its day only"
    nothing = _scope(house, Exposed.DAY_KEYS, tenant=house.charlie, first_day=first, last_day=today)
    assert nothing.tables == []


def test_every_key_opens_everything_that_is_there(house: House) -> None:
    scope = _scope(house, Exposed.ALL_KEYS)
    found = _by_table(scope)
    assert found["contacts"] == Reach(table="contacts", records=2, people=2)
    assert (found["registrants"].people, found["inquiries"].people) == (1, 2)
    assert found["calls"].records == 4
    assert not any(one.unreadable for one in scope.reaches)
    assert scope.people_least == found["calls"].people
    assert scope.people_most == sum(one.people or 0 for one in scope.reaches)


def test_what_an_account_read_is_in_the_ledger(house: House) -> None:
    alice, who = house.alice, Actor(ActorKind.USER, new_id())
    engine = house.installation.engines.app
    before = _moment(alice)
    with unit_of_work(engine, tenant_id=alice.id, actor=who) as work:
        search_calls(work, vault=alice.vault, query=Query(since=days_ago(1)))
        query = ContactQuery(TokenKind.EMAIL, EMAIL)
        (robin,) = search_contacts(work, vault=alice.vault, query=query)
        for _ in range(2):
            record(work, Event.RECORD_VIEWED, subject=robin.id, facts={"kind": "contacts"})
        record(work, Event.RECORD_VIEWED, subject=new_id(), facts={"kind": "invoices"})
    later = _moment(alice)
    scope = _scope(house, Exposed.ACCOUNT, which=who.id, since=before)
    assert scope.reads == 5
    found = _by_table(scope)
    assert found["calls"] == Reach(table="calls", records=3, at_most=True)
    assert (found["contacts"].records, found["contacts"].at_most) == (2, True)
    assert found["invoices"] == Reach(table="invoices", records=1, people=1, at_most=True)
    assert (scope.people_least, scope.people_most) == (1, 6)
    assert _scope(house, Exposed.ACCOUNT, which=who.id, since=later).tables == []
    assert _scope(house, Exposed.API_KEY, which=who.id, since=before).tables == []
    others = _scope(house, Exposed.ACCOUNT, house.charlie, which=who.id, since=before)
    assert (others.tables, others.sign_ins) == ([], 0)


def test_an_archive_is_what_its_files_say(house: House) -> None:
    sealed = exported(house, house.alice)
    rows = {one.path: one.rows for one in sealed.manifest().members}
    with house.alice.work() as work:
        (which,) = work.connection.execute(text("SELECT id FROM tenant_exports")).scalars()
    found = _by_table(_scope(house, Exposed.EXPORT, which=which))
    assert found["contacts"] == Reach(table="contacts", records=2, people=2)
    assert found["calls"].records == sum(n for path, n in rows.items() if path.startswith("calls/"))
    with pytest.raises(Invalid):
        _scope(house, Exposed.EXPORT, house.charlie, which=which)


def test_it_is_kept_with_the_loss_and_in_its_notices(house: House) -> None:
    alice = house.alice
    scope = _scope(house, Exposed.ALL_KEYS)
    with alice.work() as work:
        what = What(nature="A stolen key.", scope=scope)
        made = record_breach(work, alice.vault, Discovered("T", what, work.now))
        view = view_breach(work, alice.vault, breach_id=made)
        assert (view.what.scope, view.people) == (scope, scope.people_most)
        assert {"contacts", "calls"} <= set(view.tables)
        assert "contacts: 2 records, people: 2" in draft_notice(view)
        put_scope(work, alice.vault, breach_id=made, scope=_scope(house, Exposed.DATABASE))
        again = view_breach(work, alice.vault, breach_id=made)
    assert (again.people, again.what.nature) == (0, "A stolen key.")


def test_each_controller_is_told_of_its_own_data_alone(house: House) -> None:
    desk, tenants = desk_of(house), [house.alice.id, house.charlie.id]
    now = _moment(house.alice)
    exposure = Exposure(what=Exposed.ALL_KEYS, since=now - timedelta(hours=1), until=now)
    with desk.installation() as work:
        whole = scope_of(
            desk.engine, actor=SYSTEM, tenant_id=work.tenant_id, exposure=exposure, tenants=tenants
        )
        what = What(nature="A stolen key.", scope=whole)
        said = Discovered("T", what, work.now, tenants=tenants)
        made = record_breach(work, desk.ring, said)
    assert _by_table(whole)["contacts"].records == 2
    tell_controllers(desk, actor=SYSTEM, breach_id=made)
    with house.charlie.work() as work:
        (own,) = list_breaches(work, house.charlie.vault)
    assert own.what.scope is not None
    assert "contacts" not in _by_table(own.what.scope)


def test_destroyed_days_are_unreadable_and_said_to_be(house: House) -> None:
    alice = house.alice
    now = _moment(alice)
    old = (now - timedelta(days=8)).date()
    with house.installation.engines.keeper.begin() as connection:
        gone = destroy_days(
            connection, service=CALLS.service, data=CALLS.data, through=old, tenant_id=alice.id
        )
    assert gone >= 1
    since = _moment(alice)
    days: dict[str, Any] = {"first_day": date(2020, 1, 1), "last_day": now.date()}
    after = _scope(house, Exposed.DAY_KEYS, since=since, **days)
    calls = _by_table(after)["calls"]
    assert (calls.records, calls.unreadable) == (3, 1)
    assert (after.days_gone, after.days_since_gone) == (gone, 0)
    before = _scope(house, Exposed.DAY_KEYS, **days)
    assert (before.days_gone, before.days_since_gone) == (0, gone), "readable then, gone by now"


def test_an_exposure_says_all_that_is_needed(house: House) -> None:
    for given in (
        {"what": Exposed.ACCOUNT},
        {"what": Exposed.DAY_KEYS, "first_day": date(2026, 2, 1), "last_day": date(2026, 1, 1)},
        {"what": Exposed.DATABASE, "until": _moment(house.alice) + timedelta(days=1)},
    ):
        with pytest.raises(Invalid):
            _scope(house, **given)


def test_no_table_that_is_sealed_by_day_is_forgotten() -> None:
    sealed = {
        name.partition(".")[0]: (one.service, one.data) for name, one in SEALED_BY_DAY.items()
    }
    assert {table: (kind.service, kind.data) for table, kind in BY_DAY.items()} == sealed
    words = (":searched", ":listed", ":viewed", ":read", ":looked_at")
    reading = {event for event in Event if event.value.endswith(words)}
    assert reading <= set(READINGS)
