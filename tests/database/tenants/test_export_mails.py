"""Who scheduled an export is told by mail how it went; who asked for one in person is not."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pyrage import x25519
from sqlalchemy import text

from connector.exports.ask import ask_export
from connector.exports.make import Making, fail_export, make_export
from connector.exports.schedules import ask_due, set_schedule
from connector.exports.sweep import sweep_exports
from jobs.contexts import TaskContext
from jobs.tasks import exports
from privacy.core.db.work import SYSTEM
from privacy.mails.kinds import MailKind
from privacy.mails.letters import write_letter
from tenants.memberships.remove import remove_member
from tenants.permissions import Role
from tests.database.tenants.conftest import House

KEY = str(x25519.Identity.generate().to_public())


def _one(house: House, query: str) -> Any:
    with house.installation.superuser().connect() as connection:
        return connection.execute(text(query)).scalar_one()


def _making(house: House) -> Making:
    export_id = _one(house, "SELECT id FROM tenant_exports")
    return Making(house.desk, house.tenant, SYSTEM, export_id, schema="x")


def _scheduled(house: House) -> Making:
    """By Bob, an administrator now; the first one is due at once."""
    bob = house.principal(house.bob, Role.ADMIN)
    with house.desk.tenant(house.tenant, bob.actor) as work:
        set_schedule(work, recipient=KEY, every_days=7)
    with house.desk.tenant(house.tenant, SYSTEM) as work:
        assert ask_due(work)
    return _making(house)


def _run_notices(house: House) -> list[tuple[str, MailKind]]:
    """What the jobs that were asked for send."""
    house.mailbox.mails.clear()
    query = text("SELECT tenant_id, id, payload FROM outbox_jobs WHERE name = 'export.notice'")
    with house.installation.superuser().connect() as connection:
        asked = connection.execute(query).all()
    for tenant_id, job_id, payload in asked:
        opened = cast("Any", SimpleNamespace(desk=house.desk))
        exports.tell(TaskContext(opened, job_id, tenant_id, "export.notice", 0, payload))
    return [(mail.to, mail.notice) for mail in house.mailbox.mails]


def test_who_scheduled_it_is_told_that_it_is_ready(house: House) -> None:
    making = _scheduled(house)
    assert make_export(making)
    assert _run_notices(house) == [("bob@example.com", MailKind.EXPORT_READY)]
    mail = house.mailbox.mails[0]
    letter = write_letter(mail.notice, to=mail.to, language="en", values=mail.values)
    assert letter.subject == "The scheduled archive of Alpha Oy is ready"
    assert f"{house.desk.public_url}/exports" in letter.body
    with house.desk.tenant(house.tenant, SYSTEM) as work:
        work.connection.execute(text("UPDATE tenant_exports SET state = 'fetched'"))
    assert _run_notices(house) == [], "it is late, and says what is no more"


def test_a_failure_is_told_with_its_reason_and_is_in_the_ledger(house: House) -> None:
    making = _scheduled(house)
    for _ in range(2):
        fail_export(making, code="store_full")
    assert _run_notices(house) == [("bob@example.com", MailKind.EXPORT_FAILED)]
    mail = house.mailbox.mails[0]
    assert mail.values["reason"] == "store_full"
    letter = write_letter(mail.notice, to=mail.to, language="fi", values=mail.values)
    assert "(store_full)" in letter.body
    failed = "SELECT count(*) FROM ledger_events WHERE event = 'exports:export:failed'"
    assert _one(house, failed) == 1


def test_what_never_ended_is_told_too(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    _scheduled(house)
    monkeypatch.setattr("privacy.core.clock._offset", timedelta(days=1, minutes=1))
    for _ in range(2):
        with house.desk.tenant(house.tenant, SYSTEM) as work:
            sweep_exports(work)
    assert _run_notices(house) == [("bob@example.com", MailKind.EXPORT_FAILED)]
    failed = "SELECT facts->>'code' FROM ledger_events WHERE event = 'exports:export:failed'"
    assert _one(house, failed) == "never_ended"


def test_where_they_are_gone_the_administrators_are_told(house: House) -> None:
    making = _scheduled(house)
    remove_member(house.desk, principal=house.principal(house.alice), user_id=house.bob)
    assert make_export(making)
    assert _run_notices(house) == [("alice@example.com", MailKind.EXPORT_READY)]


def test_who_asked_in_person_sees_it_on_the_page(house: House) -> None:
    with house.desk.tenant(house.tenant, house.principal(house.alice).actor) as work:
        ask_export(work, recipient=KEY)
    assert make_export(_making(house))
    assert _run_notices(house) == []
