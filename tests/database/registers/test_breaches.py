"""Losses: whoever must know is told in time, once, and what is late shows (promise F6)."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from connector.breaches.controllers import tell_controllers
from connector.breaches.users import tell_users
from jobs.contexts import TaskContext
from jobs.tasks.breaches import remind
from privacy.breaches.decide import (
    NotSettled,
    assess_breach,
    close_breach,
    have_users_told,
    note_authority,
)
from privacy.breaches.drafts import draft_notice
from privacy.breaches.find import list_breaches, view_breach
from privacy.breaches.record import record_breach
from privacy.breaches.shapes import Audience, ClockState, Discovered, Risk, What
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM, UnitOfWork
from privacy.core.errors import Invalid
from privacy.core.ids import new_id
from privacy.promises.figures import read_figures
from tests.databases import Databases
from tests.functional.console.town import Town
from tests.installations import make_installation
from tests.servers import Servers
from tests.tenancies import House

WHAT = What(
    nature="A disk with addresses was lost.",
    measures="It was sealed; its keys are destroyed.",
    responsible="Register officer, contact@example.com",
)
pytestmark = [pytest.mark.promise("F6"), pytest.mark.attack(69)]


@pytest.fixture(scope="module")
def town(
    servers: Servers, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """Alice's, Charlie's and an operator's."""
    with databases.one() as name:
        made = make_installation(servers, name, tmp_path_factory.mktemp("breaches"))
        town = Town(House(made))
        assert town.alice.email
        assert town.charlie.email
        assert town.operator.email
        yield town


def _lost(work: UnitOfWork, *, hours: int = 1, service: str = "V", **given: Any) -> Discovered:
    found = work.now - timedelta(hours=hours)
    return Discovered(service=service, what=WHAT, discovered_at=found, **given)


def _mails(town: Town, kind: str) -> int:
    statement = text("SELECT count(*) FROM mails WHERE kind = :kind")
    with town.house.installation.superuser().connect() as connection:
        return int(connection.execute(statement, {"kind": kind}).scalar_one())


def _states(town: Town, tenant: uuid.UUID, breach_id: uuid.UUID) -> dict[str, ClockState]:
    with town.desk.tenant(tenant) as work:
        view = view_breach(work, town.desk.ring, breach_id=breach_id)
        return {one.name: one.state(work.now) for one in view.clocks}


def test_clocks_run_from_the_discovery(town: Town) -> None:
    ring = town.desk.ring
    with town.desk.tenant(town.alices) as work:
        fresh = record_breach(work, ring, _lost(work))
        near = record_breach(work, ring, _lost(work, hours=20))
        late = record_breach(work, ring, _lost(work, hours=80))
        other = record_breach(work, ring, _lost(work, hours=30, service="T"))
    assert _states(town, town.alices, fresh) == {"authority": "running", "users": "running"}
    assert _states(town, town.alices, near) == {"authority": "running", "users": "due"}
    assert _states(town, town.alices, late) == {"authority": "overdue", "users": "overdue"}
    assert _states(town, town.alices, other) == {"authority": "running"}, "only V promises 24 h"
    with town.desk.tenant(town.alices) as work:
        assess_breach(work, ring, breach_id=other, risk=Risk.HIGH, reasons="Numbers of people.")
    assert set(_states(town, town.alices, other)) == {"authority", "users"}, "Art. 34"
    with town.desk.tenant(town.alices) as work, pytest.raises(Invalid):
        record_breach(work, ring, _lost(work, hours=-1))


def test_not_telling_needs_reasons_and_all_is_documented(town: Town) -> None:
    ring = town.desk.ring
    with town.desk.tenant(town.alices) as work:
        made = record_breach(work, ring, _lost(work, service="T"))
    with town.desk.tenant(town.alices) as work, pytest.raises(NotSettled):
        close_breach(work, ring, breach_id=made, text="Over.")
    with town.desk.tenant(town.alices) as work, pytest.raises(Invalid):
        assess_breach(work, ring, breach_id=made, risk=Risk.NONE, reasons=" ")
    with town.desk.tenant(town.alices) as work:
        assess_breach(work, ring, breach_id=made, risk=Risk.NONE, reasons="Sealed disk.")
        close_breach(work, ring, breach_id=made, text="Found again.")
        view = view_breach(work, ring, breach_id=made)
        assert [note.text for note in view.notes] == ["Sealed disk.", "Found again."]
        assert view.closed_at is not None
        assert made in [one.id for one in list_breaches(work, ring)], "Art. 33(5): stays"
    draft = draft_notice(view)
    assert "Nature: A disk with addresses was lost." in draft
    assert "Office of the Data Protection Ombudsman" in draft
    assert "will follow" in draft


def test_a_late_notice_to_the_authority_stays_late(town: Town) -> None:
    ring = town.desk.ring
    with town.desk.tenant(town.alices) as work:
        made = record_breach(work, ring, _lost(work, hours=90, service="T"))
        note_authority(work, ring, breach_id=made, at=None, text="2026-17; found late.")
    assert _states(town, town.alices, made) == {"authority": "late"}


def test_a_processor_tells_each_controller_at_once_and_once(town: Town) -> None:
    desk, before = town.desk, _mails(town, "breach_controller")
    with desk.installation() as work:
        said = _lost(work, service="T", tenants=[town.alices, town.charlies], tables=["calls"])
        whole = record_breach(work, desk.ring, said)
    with town.house.installation.superuser().connect() as connection:
        jobs = text("SELECT payload FROM outbox_jobs WHERE name = 'breach.controllers'")
        assert [row.payload["breach_id"] for row in connection.execute(jobs)] == [str(whole)]
    assert tell_controllers(desk, actor=SYSTEM, breach_id=whole) == 2
    assert tell_controllers(desk, actor=SYSTEM, breach_id=whole) == 0, "killed, and run again"
    assert _mails(town, "breach_controller") == before + 2
    assert _states(town, INSTALLATION_ID, whole) == {"controllers": "done"}
    with desk.tenant(town.charlies) as work:
        (own,) = list_breaches(work, desk.ring)
    assert (own.origin_id, own.role, own.what) == (whole, "controller", WHAT)


def test_people_are_written_to_once_and_in_an_exercise_never(town: Town) -> None:
    desk, before = town.desk, _mails(town, "breach_users")
    with desk.tenant(town.alices) as work:
        made = record_breach(work, desk.ring, _lost(work))
        have_users_told(
            work, desk.ring, breach_id=made, audience=Audience.PEOPLE, text="Their accounts."
        )
        drill = record_breach(work, desk.ring, _lost(work, drill=True, audience=Audience.PEOPLE))
    tenant = town.alices
    first = tell_users(desk, actor=SYSTEM, tenant_id=tenant, breach_id=made)
    assert first >= 1
    assert tell_users(desk, actor=SYSTEM, tenant_id=tenant, breach_id=made) == 0
    assert _states(town, tenant, made)["users"] == "done"
    assert tell_users(desk, actor=SYSTEM, tenant_id=tenant, breach_id=drill) == first
    assert _mails(town, "breach_users") == before + first


def test_what_is_due_is_mailed_and_counted(town: Town) -> None:
    desk = town.desk
    with desk.tenant(town.charlies) as work:
        record_breach(work, desk.ring, _lost(work, hours=80, service="T"))
    before = _mails(town, "breach_due")
    held = town.house.installation
    house: Any = SimpleNamespace(desk=desk, engines=held.engines, settings=held.settings)
    context = TaskContext(house, new_id(), INSTALLATION_ID, "breaches.due", 0, {})
    remind(context)
    told = _mails(town, "breach_due")
    assert told > before
    remind(context)
    assert _mails(town, "breach_due") == told, "not again within six hours"
    with desk.installation() as work:
        shown = {one.about: one.value for one in read_figures(work)}
    assert shown["overdue"] >= 1
