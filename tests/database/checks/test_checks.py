"""Advisories have owners and outcomes; a drift is seen; stale contacts are found and decided."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from connector.checks.configuration import configuration_of
from connector.contacts.write import Entry, create_contact
from connector.stale.decide import count_stale, decide_stale, list_stale
from connector.stale.find import find_stale
from connector.synced.shapes import Address, Contact
from jobs.contexts import TaskContext
from jobs.tasks import checks as task
from privacy.checks.advisories import (
    NoOwner,
    import_report,
    list_advisories,
    own_advisory,
    settle_advisory,
)
from privacy.checks.baselines import accept, check_drift, compare
from privacy.checks.reports import Reported
from privacy.checks.runs import Check, last_runs
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.errors import Invalid, NotFound
from privacy.core.ids import new_id
from privacy.mails.compose import compose
from privacy.mails.kinds import MailKind
from privacy.promises.figures import read_figures
from tests.databases import Databases
from tests.functional.console.town import Town
from tests.installations import make_installation
from tests.servers import Servers
from tests.tenancies import House

ONE = Reported("CVE-2026-1", "openssl", "3.0.14", "3.0.15", True)
TWO = Reported("CVE-2026-2", "openssl", "3.0.14", None, False)


@pytest.fixture(scope="module")
def town(
    servers: Servers, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """Alice's tenant and an operator."""
    with databases.one() as name:
        made = make_installation(servers, name, tmp_path_factory.mktemp("checks"))
        town = Town(House(made))
        assert town.operator.email
        yield town


@pytest.mark.promise("F8")
def test_an_advisory_has_an_owner_and_an_outcome(town: Town) -> None:
    with town.desk.installation() as work:
        done = import_report(work, source="debian", reported=[ONE, TWO, ONE])
        assert (done.seen, done.new, done.gone) == (2, 2, 0)
        first, second = list_advisories(work)
        assert (first.key, first.due_on) == (ONE.key, work.today + timedelta(days=7))
        assert second.due_on == work.today + timedelta(days=30)
        with pytest.raises(NoOwner):
            settle_advisory(work, advisory_id=first.id, outcome="fixed", reasons="Updated.")
        own_advisory(work, advisory_id=first.id, owner_id=town.operator.id)
        with pytest.raises(Invalid):
            settle_advisory(work, advisory_id=first.id, outcome="fixed", reasons=" ")
        settle_advisory(work, advisory_id=first.id, outcome="fixed", reasons="Updated.")
    with town.desk.installation() as work:
        assert import_report(work, source="debian", reported=[TWO]).gone == 0
        again = import_report(work, source="debian", reported=[ONE])
        assert (again.new, again.gone) == (1, 1), "fixed, and here again; the other one is gone"
        (open_one,) = list_advisories(work)
        assert open_one.key == ONE.key
        shown = {one.about: one.value for one in read_figures(work)}
        assert (shown["open"], shown["unowned"]) == (1.0, 0.0)
        last = {one.name: one for one in last_runs(work)}
        assert not last[Check.ADVISORIES_DEBIAN].passed
        assert last[Check.ADVISORIES_PYTHON].at is None


@pytest.mark.promise("F11")
def test_a_drift_of_the_configuration_is_seen_until_it_is_accepted(town: Town) -> None:
    held = town.house.installation
    items = dict(configuration_of(held.settings, held.engines.app))
    assert "database.row_security" in items
    told = str(items)
    secrets = [held.settings.redis_url, *held.settings.database_urls()]
    assert not any(one.get_secret_value() in told for one in secrets)
    with town.desk.installation() as work:
        assert check_drift(work, items).drifts == (), "the first is accepted as shipped"
        assert check_drift(work, items).drifts == []
    with held.superuser().connect() as connection:
        connection.execute(text("ALTER TABLE contacts NO FORCE ROW LEVEL SECURITY"))
        asking: Any = SimpleNamespace(connect=lambda: _Kept(connection))
        now = dict(configuration_of(held.settings, asking))
        connection.rollback()
    weaker = held.settings.model_copy(update={"trusted_proxies": 3})
    now |= {"settings.trusted_proxies": weaker.trusted_proxies, "another": 1}
    with town.desk.installation() as work:
        found = {one.name: one.how for one in check_drift(work, now).drifts}
        assert found == {
            "database.row_security": "changed",
            "settings.trusted_proxies": "changed",
            "another": "new",
        }
        last = {one.name: one for one in last_runs(work)}
        assert not last[Check.CONFIGURATION].passed
        accept(work, now)
        assert compare(work, now).drifts == []
        accept(work, items)


class _Kept:
    """A connection that stays open after its block."""

    def __init__(self, connection: object) -> None:
        self._connection = connection

    def __enter__(self) -> object:
        return self._connection

    def __exit__(self, *_: object) -> None:
        return None


@pytest.mark.promise("F12")
@pytest.mark.promise("B6")
def test_the_nightly_checks_are_made_and_recorded(town: Town) -> None:
    held = town.house.installation
    house: Any = SimpleNamespace(
        settings=held.settings, engines=held.engines, desk=town.desk, vault=town.desk.ring
    )
    ring, names = town.desk.ring, ("Old", "Bounced", "Nowhere", "Fine", "Doubtful")
    with town.desk.tenant(town.alices) as work:
        ids = {name: _contact(work, ring, name) for name in names}
        mail_id = compose(
            work, ring, to="bounced@example.com", kind=MailKind.EMAIL_CHANGED, values={},
            sending=False,
        )  # fmt: skip
    with held.superuser().begin() as connection:
        for statement, given in (
            ("UPDATE contacts SET changed_at = now() - interval '3 years' WHERE id = :id", "Old"),
            ("UPDATE contacts SET doubts = 1 WHERE id = :id", "Doubtful"),
            ("UPDATE contacts SET doubts = 4 WHERE id = :id", "Nowhere"),
        ):
            connection.execute(text(statement), {"id": ids[given]})
        refused = "UPDATE mails SET state = 'failed', failure_code = 'mail_refused' WHERE id = :id"
        connection.execute(text(refused), {"id": mail_id})
    task.run(TaskContext(house, new_id(), INSTALLATION_ID, "checks.run", 0, {}))
    with town.desk.installation() as work:
        made = {one.name: one for one in last_runs(work)}
    assert made[Check.CONFIGURATION].at is not None
    assert made[Check.STALE_DATA].facts == {"found": 4}
    with town.desk.tenant(town.alices) as work:
        waiting = {one.name: one for one in list_stale(work, ring)}
        assert {name: one.rule for name, one in waiting.items()} == {
            "Old": "idle",
            "Bounced": "bounced",
            "Nowhere": "missing",
            "Doubtful": "vat_id",
        }
        decide_stale(work, ring, finding_id=waiting["Old"].id, decision="erased")
        decide_stale(work, ring, finding_id=waiting["Bounced"].id, decision="needed")
        with pytest.raises(NotFound):
            decide_stale(work, ring, finding_id=waiting["Bounced"].id, decision="needed")
        assert count_stale(work) == {"missing": 1, "vat_id": 1}
        assert find_stale(work, ring) == 0, "a decision counts until the contact changes"
    with town.desk.tenant(town.charlies) as work:
        assert list_stale(work, ring) == []
        with pytest.raises(NotFound):
            decide_stale(work, ring, finding_id=waiting["Nowhere"].id, decision="erased")


def _contact(work: Any, ring: Any, name: str) -> uuid.UUID:
    entry = Entry(
        Contact(
            name=name,
            emails=(f"{name.lower()}@example.com",),
            address=Address(country="FI"),
        )
    )
    return create_contact(work, vault=ring, entry=entry)
