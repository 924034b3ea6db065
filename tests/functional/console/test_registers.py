"""Consents and objections in the console: recorded by an agent, found by address or number."""

import re

import pytest

from connector.accounts.kinds import AccountKind
from connector.calls.ingest import ingest_calls
from tenants.permissions import Role
from tests.factories import a_call
from tests.functional.console.town import Browser, Town

NUMBER = "+1 202 555 0143"
SAID = {
    "email": "",
    "number": NUMBER,
    "name": "Robin Example",
    "objections": ["telemarketing", "opinion_polls"],
    "channel": "letter",
    "at": "2026-03-02T10:30",
}
AGREED = {
    "service": "T",
    "purpose": "direct_marketing",
    "email": "robin@example.com",
    "number": "",
    "name": "",
    "wording": "Yes, send me your newsletter.",
    "language": "en",
    "version": "2026-1",
    "channel": "telephone",
    "at": "",
    "evidence": "recording 4",
}


def _text(browser: Browser) -> str:
    assert browser.page is not None
    return browser.page.get_data(as_text=True)


def _link(browser: Browser, register: str) -> str:
    found = re.search(rf'href="(/{register}/[0-9a-f-]{{36}})"', _text(browser))
    assert found is not None
    return found[1]


@pytest.mark.promise("C6")
def test_an_objection_is_recorded_with_channel_and_time_found_and_ended(town: Town) -> None:
    browser = town.browser(town.agent)
    browser.get("/objections/record")
    browser.post("/objections/record", follow=True, **SAID)
    assert "Recorded. It is honoured from now on." in _text(browser)
    assert "Opinion polls" in _text(browser)
    browser.post("/objections", who="202-555-0199")
    assert "this person" in _text(browser) or "Enter" in _text(browser)
    browser.post("/objections", who=NUMBER)
    assert "2 entries" in _text(browser)
    page = _link(browser, "objections")
    browser.get(page)
    for word in ("Robin Example", "Letter", "2026", "10:30", "Stands", str(town.agent.id)):
        assert word in _text(browser)
    browser.post(f"{page}/end", follow=True, channel="telephone")
    assert "Ended" in _text(browser)
    assert "End the objection" not in _text(browser)


@pytest.mark.promise("C10")
def test_a_consent_is_recorded_with_its_words_and_withdrawn(town: Town) -> None:
    browser = town.browser(town.agent)
    browser.get("/consents/record")
    assert "Moontalk Connector" in _text(browser)
    browser.post("/consents/record", follow=True, **AGREED)
    assert "Recorded, with its words." in _text(browser)
    browser.post("/consents", who="Robin@Example.com")
    page = _link(browser, "consents")
    browser.get(page)
    for word in (AGREED["wording"], "recording 4", "Telephone", "Stands"):
        assert str(word) in _text(browser)
    browser.post(f"{page}/withdraw", follow=True, channel="email", evidence="mail of Monday")
    assert "mail of Monday" in _text(browser)
    assert "Withdrawn" in _text(browser)


@pytest.mark.parametrize(
    ("path", "fields", "said"),
    [
        ("/objections/record", SAID | {"objections": []}, "Choose what the person objects to."),
        ("/objections/record", SAID | {"number": ""}, "Name an e-mail address"),
        ("/objections/record", SAID | {"number": "anonymous"}, "Enter a telephone number."),
        ("/objections/record", SAID | {"at": "2100-01-01T10:00"}, "A moment that has passed"),
        ("/consents/record", AGREED | {"email": "nobody"}, "Enter an e-mail address."),
        ("/consents/record", AGREED | {"purpose": "contact_skype"}, "knows no such consent"),
        ("/consents/record", AGREED | {"service": "C"}, "Not a valid choice"),
        ("/consents/record", AGREED | {"wording": ""}, "Enter the words"),
        ("/consents", {"who": "nobody"}, "Enter an e-mail address or a telephone number."),
    ],
)
def test_what_is_missing_is_said(town: Town, path: str, fields: dict[str, str], said: str) -> None:
    browser = town.browser(town.agent)
    browser.get(path)
    browser.post(path, **fields)  # type: ignore[arg-type]
    assert said in _text(browser)


def test_an_auditor_sees_nobody(town: Town) -> None:
    browser = town.browser(town.auditor)
    for path in ("/consents", "/objections", "/consents/record", "/objections/record"):
        assert browser.get(path).status_code == 403
    browser.get("/overview")
    assert "Objections" not in _text(browser)


@pytest.mark.promise("D5")
def test_a_service_without_consents_offers_none(town: Town) -> None:
    person = town.person("carla", Role.OWNER, town.charlies)
    browser = town.browser(person)
    browser.get("/consents")
    assert "No consent yet" in _text(browser)
    browser.get("/objections?before=nonsense")
    assert browser.page is not None
    assert browser.page.status_code == 404


@pytest.mark.promise("C6")
def test_calls_of_who_objected_say_do_not_call(town: Town) -> None:
    tenancy = town.tenancy(town.alices)
    account = tenancy.account(AccountKind.FREESWITCH, "PBX")
    with tenancy.work() as work:
        calls = [a_call(caller="+12025550143"), a_call(caller="+12025550144")]
        ingest_calls(work, vault=town.house.vault, account=account, calls=calls)
    browser = town.browser(town.agent)
    browser.get("/objections/record")
    browser.post("/objections/record", follow=True, **SAID)
    for number, marked in (("+12025550143", True), ("+12025550144", False)):
        browser.post("/calls", number=number, since="", until="")
        assert ("Do not call" in _text(browser)) is marked
        browser.get(_link(browser, "calls"))
        assert ("objects to opinion polls, telemarketing" in _text(browser)) is marked
