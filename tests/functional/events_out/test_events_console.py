"""Endpoints in the console, from adding one to sending again; and the mail when one is given up."""

import re

import pytest

from connector.events_out.find import list_endpoints
from connector.events_out.notices import notify_given_up
from privacy.core.db.work import SYSTEM
from privacy.mails.list_mails import list_kept
from privacy.mails.read_kept import read_kept
from tenants.permissions import Role
from tests.database.events_out.outs import deliveries, run_due
from tests.database.events_out.receivers import Receiver, receiving
from tests.functional.console.conftest import town
from tests.functional.console.town import Browser, Town

__all__ = ["town"]


@pytest.fixture
def loopback(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(town.house.installation.settings.__dict__, "outbound_loopback", True)


def _add(browser: Browser, receiver: Receiver, name: str) -> str:
    page = browser.post(
        "/events/add",
        name=name,
        url=receiver.url,
        kinds=["account.state_changed", "call.received"],
    ).get_data(as_text=True)
    found = re.search(r'<code id="secret"[^>]*>([^<]+)<', page)
    assert found is not None, page
    receiver.secrets.append(found[1])
    there = re.search(r'href="(/events/[0-9a-f-]{36})"', page)
    assert there is not None
    return there[1]


@pytest.mark.usefixtures("loopback")
def test_an_endpoints_life(town: Town) -> None:
    browser, tenancy = town.browser(town.alice), town.tenancy(town.alices)
    assert "No endpoint yet" in browser.get("/events").get_data(as_text=True)
    with receiving() as receiver:
        page = _add(browser, receiver, "Helpdesk")
        assert receiver.secrets[0] not in browser.get(page).get_data(as_text=True)
        browser.post(f"{page}/test")
        receiver.answers.append((410, {}))
        run_due(town.house, tenancy)
        text = browser.get(page).get_data(as_text=True)
        assert "410" in text
        assert "wants no more events" in text
        browser.post(f"{page}/enable")
        (row,) = deliveries(town.house)
        browser.post(f"/events/deliveries/{row['id']}/replay")
        run_due(town.house, tenancy)
        assert "Delivered" in browser.get(page).get_data(as_text=True)
        assert browser.post(f"{page}/replay", hours="168", follow=True).status_code == 200
        changed = browser.post(
            f"{page}/change",
            name="Helpdesk 2",
            url=receiver.url,
            kinds=["backup.failed"],
            include_personal="y",
            follow=True,
        ).get_data(as_text=True)
        assert "Helpdesk 2" in changed
        assert "each time is in the ledger" in changed
        assert "whsec_" in browser.post(f"{page}/rotate").get_data(as_text=True)
    assert browser.post(f"{page}/disable", follow=True).status_code == 200
    assert browser.post(f"{page}/delete").status_code == 302
    assert browser.get(page).status_code == 404


def test_an_address_that_is_refused_is_said_at_its_field(town: Town) -> None:
    browser = town.browser(town.alice)
    page = browser.post(
        "/events/add", name="Inside", url="https://169.254.169.254/", kinds=["call.received"]
    ).get_data(as_text=True)
    assert "by its full name" in page


def test_an_agent_sees_none_and_an_auditor_changes_none(town: Town) -> None:
    assert town.browser(town.agent).get("/events").status_code == 403
    auditor = town.browser(town.auditor)
    assert auditor.get("/events").status_code == 200
    assert auditor.get("/events/add").status_code == 403


@pytest.mark.usefixtures("loopback")
def test_administrators_get_a_mail_when_one_is_given_up(town: Town) -> None:
    admin = town.person("adam", Role.ADMIN, town.alices)
    browser, tenancy = town.browser(town.alice), town.tenancy(town.alices)
    with receiving() as receiver:
        page = _add(browser, receiver, "Old program")
        browser.post(f"{page}/test")
        receiver.answers.append((410, {}))
        run_due(town.house, tenancy)
    with tenancy.work() as work:
        endpoint_id = next(row.id for row in list_endpoints(work) if row.name == "Old program")
    told = notify_given_up(
        town.desk, tenant_id=town.alices, actor=SYSTEM, endpoint_id=endpoint_id, reason="gone"
    )
    assert told == 2, "the owner and the administrator; no agent, no auditor"
    with town.desk.installation() as work:
        letters = [
            read_kept(work, town.desk.ring, mail_id=mail.id)
            for mail in list_kept(work)
            if mail.kind == "endpoint_disabled"
        ]
    assert {letter.to for letter in letters} == {town.alice.email, admin.email}
    assert "Old program" in letters[0].body
    assert page in letters[0].body
    browser.post(f"{page}/enable")
    told = notify_given_up(
        town.desk, tenant_id=town.alices, actor=SYSTEM, endpoint_id=endpoint_id, reason="gone"
    )
    assert told == 0, "it is enabled again"
