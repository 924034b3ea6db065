"""Notices in the console: promise more, see what changed, accept or decline; people to inform."""

import re
from html import unescape

import pytest

from connector.accounts.kinds import AccountKind
from connector.calls.ingest import ingest_calls
from connector.calls.keeping import kept_days
from connector.http.centre.keys import centre_key
from connector.notices.publish import publish_notices
from connector.outbound.failures import NotDeclared
from connector.syncs.recipients import recipients_of
from privacy.profiles.derived import derived_profile
from tenants.permissions import Role
from tests.factories import a_call
from tests.functional.console.town import Browser, Town

_REF = re.compile(r"/people-to-inform/(?:calls|contacts)/[0-9a-f-]{36}")


def _text(browser: Browser) -> str:
    assert browser.page is not None
    return unescape(browser.page.get_data(as_text=True))


@pytest.mark.promise("D2")
@pytest.mark.promise("D3")
@pytest.mark.promise("B1")
def test_an_owner_promises_more_and_everybody_sees_and_gets_it(town: Town) -> None:
    browser = town.browser(town.alice)
    assert browser.get("/").headers["Location"] == "/overview", "nothing is published yet"
    with town.desk.tenant(town.alices) as work:
        publish_notices(work, town.desk.ring)
    assert browser.get("/").headers["Location"] == "/notices"
    browser.get("/notices")
    assert "a version waits for your decision" in _text(browser)
    assert f"/privacy/{centre_key(town.alices)}" in _text(browser)
    accept = {"number": "1", "decision": "accepted"}
    browser.post("/notices/moontalk/decision", follow=True, **accept)
    assert "Accepted. It is recorded with the version." in _text(browser)
    assert browser.get("/").headers["Location"] == "/overview"

    browser.get("/notices/moontalk/stricter")
    assert "At most 30. Empty: 30." in _text(browser)
    browser.post("/notices/moontalk/stricter", days_calls="31", region="", marketing="")
    assert "Choose 30 days at most: the service promises no more." in _text(browser)
    assert browser.page is not None
    assert browser.page.status_code == 422
    browser.post(
        "/notices/moontalk/stricter",
        follow=True,
        days_calls="9",
        region="eu",
        marketing="none",
        without_recipients="graph.microsoft.com",
    )
    text = _text(browser)
    assert "Version 2 is published" in text
    assert "30 days" in text
    assert "9 days, the day of the call included" in text
    with town.desk.tenant(town.alices) as work:
        assert kept_days(work).keep == 9
        rules = derived_profile(work, "T")
    with pytest.raises(NotDeclared):
        recipients_of(rules, (), loopback=False).check("https://graph.microsoft.com/v1.0")
    public = town.app.test_client(use_cookies=False)
    seen = public.get(f"/privacy/{centre_key(town.alices)}/moontalk?lang=en")
    assert "9 days, the day of the call included" in seen.get_data(as_text=True)
    browser.get("/notices/moontalk/stricter")
    assert 'value="9"' in _text(browser), "the form shows what stands"

    assert browser.get("/").headers["Location"] == "/notices", "asked again"
    browser.post("/notices/moontalk/decision", number="1", decision="accepted")
    assert browser.page is not None
    assert browser.page.status_code == 409, "the older version counts no more"
    declined = {"number": "2", "decision": "declined"}
    browser.post("/notices/moontalk/decision", follow=True, **declined)
    assert "Take the data along" in _text(browser)
    assert town.operator.email, "somebody is there to be told"
    browser.post("/notices/closure", follow=True)
    assert "The operator has been told" in _text(browser)
    browser.get("/notices")
    assert "declined" in _text(browser)


@pytest.mark.attack(34)
def test_who_may_not_decide_only_reads(town: Town) -> None:
    browser = town.browser(town.auditor)
    browser.get("/notices/moontalk")
    assert browser.page is not None
    assert browser.page.status_code == 200
    assert ">Accept<" not in _text(browser)
    answer = browser.post("/notices/moontalk/decision", number="1", decision="accepted")
    assert answer.status_code == 403
    admin = town.browser(town.person("adam", Role.ADMIN, town.alices))
    assert admin.get("/notices/moontalk/stricter").status_code == 403
    assert town.browser(town.agent).get("/notices").status_code == 403


def test_people_are_listed_until_somebody_says_how_they_were_informed(town: Town) -> None:
    tenancy = town.tenancy(town.alices)
    account = tenancy.account(AccountKind.API, "Switchboard 12")
    with tenancy.work() as work:
        ingest_calls(work, vault=tenancy.vault, account=account, calls=[a_call()])
    browser = town.browser(town.agent)
    browser.get("/people-to-inform")
    assert "Switchboard 12" in _text(browser)
    assert "Not informed" in _text(browser)
    places = _REF.findall(_text(browser))
    assert places
    browser.post(places[0], follow=True, how="announcement")
    assert "Informed by an announcement before the call" in _text(browser)
    browser.post(places[0], follow=True, how="known")
    assert "Exempt: they have the information already" in _text(browser)
    assert browser.post(places[0], how="nothing").status_code == 200
    assert town.browser(town.charlie).post(places[0], how="known").status_code == 404
