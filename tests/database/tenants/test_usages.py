"""The session register (promise A3)."""

import socket
import threading
import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from privacy.core import clock
from privacy.core.db.work import UnitOfWork
from privacy.retention.destroy import destroy_due
from privacy.retention.rules import day_rules
from tenants.sessions.end import end_sessions_of
from tenants.sign_in.with_password import sign_in
from tenants.usages.list import UsageView, own_usages
from tenants.usages.resolve import resolve_usage, reverse_name
from tests.database.tenants.conftest import PASSWORD, House, visitor

ADDRESS = "203.0.113.201"


def enter(house: House, name: str = "alice") -> uuid.UUID:
    return sign_in(
        house.desk, email=f"{name}@example.com", password=PASSWORD, visitor=visitor(ADDRESS)
    ).started.session_id


def usages(house: House, user_id: uuid.UUID) -> list[UsageView]:
    with house.desk.installation() as work:
        return own_usages(house.desk.ring, work, user_id=user_id)


def payload(work: UnitOfWork) -> dict[str, str]:
    found: dict[str, str] = work.connection.execute(
        text("SELECT payload FROM outbox_jobs WHERE name = 'session.resolve'")
    ).scalar_one()
    return found


def resolve(house: House, name: str | None) -> bool:
    with house.desk.installation() as work:
        job = payload(work)
    return resolve_usage(
        house.desk,
        day=date.fromisoformat(job["day"]),
        usage_id=uuid.UUID(job["usage_id"]),
        lookup=lambda _: name,
    )


@pytest.mark.promise("A3")
def test_a_visit_is_recorded_and_its_name_looked_up_later(house: House) -> None:
    session_id = enter(house)
    (visit,) = usages(house, house.alice)
    assert (visit.session_id, visit.address, visit.host) == (session_id, ADDRESS, None)
    assert visit.source == "https://portal.example"
    assert resolve(house, "host.example.net")
    assert not resolve(house, "another.example.net")
    (visit,) = usages(house, house.alice)
    assert (visit.address, visit.host) == (ADDRESS, "host.example.net")


@pytest.mark.promise("A3")
def test_the_register_names_the_device_and_not_the_user(house: House) -> None:
    session_id = enter(house)
    with house.installation.superuser().connect() as connection:
        rows = connection.execute(text("SELECT * FROM session_usages")).mappings().all()
        session = connection.execute(text("SELECT * FROM sign_in_sessions")).mappings().one()
    assert set(rows[0]) == {"tenant_id", "day", "id", "version", "sealed"}
    assert ADDRESS.encode() not in bytes(rows[0]["sealed"])
    assert rows[0]["id"] not in (session_id, house.alice)
    assert ADDRESS not in str(session)


@pytest.mark.attack(34)
def test_people_see_their_own_visits_only(house: House) -> None:
    enter(house)
    enter(house, "charlie")
    assert len(usages(house, house.alice)) == 1
    assert len(usages(house, house.charlie)) == 1
    assert usages(house, house.bob) == []


def test_visits_of_ended_sessions_are_still_ones_own(house: House) -> None:
    enter(house)
    with house.desk.installation() as work:
        end_sessions_of(work, user_id=house.alice, because="asked")
    assert len(usages(house, house.alice)) == 1


@pytest.mark.promise("B1")
def test_after_thirty_days_a_visit_is_never_shown(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(house)
    monkeypatch.setattr(clock, "_offset", timedelta(days=31))
    assert usages(house, house.alice) == []
    assert not resolve(house, "late.example.net")


@pytest.mark.promise("B1")
def test_retention_destroys_the_key_of_a_visits_day(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(house)
    days = "SELECT count(*) FROM key_ring WHERE kind = 'day'"
    with house.installation.superuser().connect() as connection:
        assert connection.execute(text(days)).scalar_one() == 1
    monkeypatch.setattr(clock, "_offset", timedelta(days=31))
    keeper, today = house.installation.engines.keeper, clock.now().date()
    assert sum(destroy_due(keeper, rule, (), today=today) for rule in day_rules()) == 1
    with house.installation.superuser().connect() as connection:
        assert connection.execute(text(days)).scalar_one() == 0


def test_nobody_is_kept_out_because_a_partition_is_missing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "_offset", timedelta(days=9))
    assert enter(house) is not None
    assert house.installation.count("session_usages") == 0


def test_a_name_server_that_is_silent_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()

    def silent(_: str) -> tuple[str, list[str], list[str]]:
        answered.wait(5)
        return "late.example.net", [], []

    monkeypatch.setattr("socket.gethostbyaddr", silent)
    start = clock.monotonic()
    assert reverse_name(ADDRESS, timeout=0.05) is None
    assert clock.monotonic() - start < 2
    answered.set()


def test_an_address_without_a_name_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_: str) -> None:
        raise socket.herror

    monkeypatch.setattr("socket.gethostbyaddr", unknown)
    assert reverse_name(ADDRESS) is None
