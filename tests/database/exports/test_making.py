"""An export is made anew when it is killed, ends with its days, and is given out once."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from connector.exports import make
from connector.exports.ask import ExportUnderWay, ask_export, delete_export, find_export
from connector.exports.fetch import ExportNotReady, fetch_export
from connector.exports.make import Making, fail_export, make_export
from connector.exports.parts import ExportWithdrawn
from connector.exports.schedules import (
    ask_due,
    end_schedule,
    find_schedule,
    offer_export,
    set_schedule,
)
from connector.exports.sweep import sweep_exports
from connector.subjects.replays import replay
from connector.synced.shapes import RecordKind
from privacy.core import clock
from privacy.core.db.work import SYSTEM, unit_of_work
from privacy.core.errors import Gone, Invalid, NotFound
from privacy.subjects.words import RequestKind
from tests.database.exports.houses import asked, making_of, rows
from tests.database.records.books import Books, an_account, received
from tests.database.records.books import a_contact as contact
from tests.database.subjects.people import Rights
from tests.tenancies import House, Tenancy

KEY = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
PARTS = ("export_parts", "export_day_parts")


def _state(tenant: Tenancy, export_id: uuid.UUID) -> str:
    with tenant.work() as work:
        return find_export(work, export_id).state


def _parts(tenant: Tenancy) -> list[int]:
    return [len(rows(tenant, name, "id")) for name in PARTS]


def _fetch(tenant: Tenancy, export_id: uuid.UUID) -> Any:
    return fetch_export(tenant.work, tenant.vault, export_id=export_id)


def test_a_killed_run_is_made_anew(
    house: House, tenant: Tenancy, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_id = asked(tenant, KEY)
    making = making_of(house, tenant, export_id)

    def killed(*_: object) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(make, "calls_of", killed)
    with pytest.raises(KeyboardInterrupt):
        make_export(making)
    assert _state(tenant, export_id) == "running"
    assert _parts(tenant)[0] > 5
    with pytest.raises(ExportNotReady):
        _fetch(tenant, export_id)
    monkeypatch.undo()
    assert make_export(making)
    with tenant.work() as work:
        row = find_export(work, export_id)
        members = row.contents["members"]
        assert row.state == "ready"
        assert row.rows_done >= row.rows_total > 25
        assert row.size == sum(one["size"] for one in members)
    assert _parts(tenant)[0] == sum(1 for one in members if one["rows"] and not one["day"])
    assert not make_export(making), "it is ready: there is nothing to make"


@pytest.mark.promise("C2")
@pytest.mark.attack(64)
def test_whoever_is_erased_is_in_no_export_that_lies_here(house: House, tenant: Tenancy) -> None:
    export_id = asked(tenant, KEY)
    make_export(making_of(house, tenant, export_id))
    Rights(house, tenant).done(RequestKind.ERASURE)
    assert _parts(tenant) == [0, 0]
    assert _state(tenant, export_id) == "withdrawn"
    with pytest.raises(Gone, match="erased"):
        _fetch(tenant, export_id)


@pytest.mark.attack(64)
def test_a_restored_database_keeps_none_that_was_made_before(house: House, tenant: Tenancy) -> None:
    export_id = asked(tenant, KEY)
    make_export(making_of(house, tenant, export_id))
    engine = house.installation.engines.app

    def opened(tenant_id: uuid.UUID) -> Any:
        return unit_of_work(engine, tenant_id=tenant_id, actor=SYSTEM)

    replay(opened, house.vault, house.custody, since=clock.now(), marks={})
    assert _parts(tenant) == [0, 0]
    assert _state(tenant, export_id) == "withdrawn"


@pytest.mark.attack(64)
def test_an_erasure_meanwhile_begins_it_anew(
    house: House, tenant: Tenancy, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_id, gather, runs = asked(tenant, KEY), make._gather, list[int]()

    def disturbed(*given: Any) -> Any:
        runs.append(1)
        if len(runs) == 1:
            Rights(house, tenant).done(RequestKind.ERASURE)
        return gather(*given)

    monkeypatch.setattr(make, "_gather", disturbed)
    assert make_export(making_of(house, tenant, export_id))
    assert len(runs) == 2
    plain = b"".join(_fetch(tenant, export_id)._files())
    assert b"sam@example.org" in plain
    assert plain.count(b'"stream":"contacts"') == 1


@pytest.mark.promise("B1")
@pytest.mark.attack(11)
def test_calls_in_it_end_with_their_days(house: House, tenant: Tenancy) -> None:
    export_id = asked(tenant, KEY)
    make_export(making_of(house, tenant, export_id))
    with tenant.work() as work:
        work.connection.execute(text("UPDATE tenants SET retention_days_calls = 5"))
    with house.installation.engines.keeper.begin() as connection:
        connection.execute(
            text("DELETE FROM key_ring WHERE tenant_id = :t AND day < current_date - 4"),
            {"t": tenant.id},
        )
    house.vault.forget()
    plain = b"".join(_fetch(tenant, export_id)._files())
    today, old = clock.now().date(), clock.now().date() - timedelta(days=9)
    assert f"calls/{today}.jsonl".encode() in plain
    assert f"calls/{old}.jsonl".encode() not in plain
    assert f'"ended_days": [\n  "{old}"\n ]'.encode() in plain


def test_it_is_given_out_once_and_nothing_stays(
    house: House, tenant: Tenancy, other: Tenancy
) -> None:
    export_id = asked(tenant, KEY)
    make_export(making_of(house, tenant, export_id))
    first = _fetch(tenant, export_id)
    with pytest.raises(Gone, match="fetched already"):
        _fetch(tenant, export_id)
    parts = first.parts()
    assert next(parts)
    parts.close()
    assert _parts(tenant) == [0, 0], "broken off is over, too"
    with other.work() as work, pytest.raises(NotFound):
        find_export(work, export_id)


def test_a_passphrase_is_wanted_where_there_is_no_key(house: House, tenant: Tenancy) -> None:
    export_id = asked(tenant)
    make_export(making_of(house, tenant, export_id))
    for passphrase in (None, "", "too short"):
        with pytest.raises(Invalid):
            fetch_export(tenant.work, tenant.vault, export_id=export_id, passphrase=passphrase)
    assert _state(tenant, export_id) == "ready"
    assert rows(tenant, "tenant_exports", "recipient") == [(None,)]


def test_nobody_fetches_what_is_over(house: House, tenant: Tenancy) -> None:
    export_id = asked(tenant, KEY)
    make_export(making_of(house, tenant, export_id))
    with tenant.work() as work:
        work.connection.execute(text("UPDATE tenant_exports SET expires_at = now()"))
    with pytest.raises(Gone, match="seven days"):
        _fetch(tenant, export_id)
    with tenant.work() as work:
        assert sweep_exports(work) > 5
    assert _parts(tenant) == [0, 0]
    assert _state(tenant, export_id) == "expired"


def test_one_at_a_time_and_a_failed_one_says_why(house: House, empty: Tenancy) -> None:
    tenant = empty
    export_id = asked(tenant, KEY)
    with tenant.work() as work, pytest.raises(ExportUnderWay):
        ask_export(work, recipient=KEY)
    fail_export(making_of(house, tenant, export_id), code="open_error")
    assert rows(tenant, "tenant_exports", "state", "failure_code") == [("failed", "open_error")]
    with pytest.raises(Gone):
        _fetch(tenant, export_id)
    with tenant.work() as work:
        delete_export(work, export_id=export_id)
    making: Making = making_of(house, tenant, export_id)
    assert not make_export(making), "deleted while it waited"
    with tenant.work() as work, pytest.raises(Invalid):
        ask_export(work, recipient="age1nonsense")


def test_a_deleted_one_stops_being_made(
    house: House, tenant: Tenancy, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_id, gather = asked(tenant, KEY), make._gather

    def deleted(*given: Any) -> Any:
        with tenant.work() as work:
            delete_export(work, export_id=export_id)
        with pytest.raises(ExportWithdrawn):
            gather(*given)
        raise ExportWithdrawn

    monkeypatch.setattr(make, "_gather", deleted)
    assert not make_export(making_of(house, tenant, export_id))
    assert _parts(tenant) == [0, 0]


def test_a_schedule_asks_when_it_is_due(empty: Tenancy) -> None:
    tenant = empty
    with tenant.work() as work:
        for key, days in ((KEY, 0), (KEY, 400), ("age1x", 7)):
            with pytest.raises(Invalid):
                set_schedule(work, recipient=key, every_days=days)
        set_schedule(work, recipient=KEY, every_days=7)
    with tenant.work() as work:
        assert ask_due(work)
        row = find_schedule(work)
        assert row is not None
        assert timedelta(days=6) < row.next_at - work.now <= timedelta(days=7)
    with tenant.work() as work:
        assert not ask_due(work)
        end_schedule(work)
        assert find_schedule(work) is None
    assert rows(tenant, "tenant_exports", "recipient", "scheduled") == [(KEY, True)]


def test_before_the_end_one_is_made_where_it_is_known_for_whom(empty: Tenancy) -> None:
    with empty.work() as work:
        offer_export(work)
        set_schedule(work, recipient=KEY, every_days=300)
        assert ask_due(work)
        work.connection.execute(text("UPDATE tenant_exports SET state = 'fetched'"))
    with empty.work() as work:
        offer_export(work)
    assert rows(empty, "tenant_exports", "state") == [("fetched",), ("waiting",)]


def test_many_rows_lie_in_many_parts_and_come_in_order(house: House, empty: Tenancy) -> None:
    tenant = empty
    books = Books(tenant, an_account(tenant), RecordKind.CONTACTS)
    long = "x" * 2_000
    books.save_all(
        [received(f"c-{n}", contact(name=f"{long}{n}", code=str(n))) for n in range(300)]
    )
    export_id = asked(tenant, KEY)
    make_export(making_of(house, tenant, export_id))
    fetched = _fetch(tenant, export_id)
    with tenant.work() as work:
        members = find_export(work, export_id).contents["members"]
    [number] = [n for n, one in enumerate(members) if one["path"] == "records/contacts.jsonl"]
    assert rows(tenant, "export_parts", "member", "place").count((number, 2)) == 1
    plain = b"".join(fetched._files())
    ends = [line for line in plain.split(b"\n") if long.encode() in line]
    assert len(ends) == 300
