"""Signing in, as a browser does it."""

import pytest

from tenants.permissions import Role
from tests.functional.console.town import PASSWORD, Town


def _text(answer: object) -> str:
    return answer.get_data(as_text=True)  # type: ignore[attr-defined, no-any-return]


def test_a_password_opens_the_overview(town: Town) -> None:
    browser = town.browser()
    answer = browser.sign_in(town.alice)
    assert answer.status_code == 302
    page = browser.get("/", follow=True)
    assert "Overview" in _text(page)
    assert "Alice Oy" in _text(page)


@pytest.mark.attack(26)
def test_a_wrong_password_and_an_unknown_address_are_told_alike(town: Town) -> None:
    one = town.browser().post("/sign-in", email=town.alice.email, password="wrong " * 4)
    other = town.browser().post("/sign-in", email="nobody@example.com", password="wrong " * 4)
    assert one.status_code == other.status_code == 401
    assert "The e-mail address or the password is wrong." in _text(one)
    assert _text(one).count("wrong") == _text(other).count("wrong")


@pytest.mark.attack(28)
def test_the_cookie_from_before_is_of_no_use_afterwards(town: Town) -> None:
    browser = town.browser()
    browser.client.set_cookie("silta_session", "chosen-by-somebody-else")
    browser.sign_in(town.alice)
    cookie = browser.client.get_cookie("silta_session")
    assert cookie is not None
    assert cookie.value != "chosen-by-somebody-else"
    thief = town.browser()
    thief.client.set_cookie("silta_session", "chosen-by-somebody-else")
    assert thief.get("/overview").status_code == 302


@pytest.mark.attack(28)
def test_the_second_factor_changes_the_cookie(town: Town) -> None:
    person = town.person("fritz", Role.AGENT, town.alices)
    town.enrol(person)
    browser = town.browser()
    browser.post("/sign-in", email=person.email, password=PASSWORD)
    half = browser.client.get_cookie("silta_session")
    assert half is not None
    browser.post("/sign-in/code", code=person.code(steps=1))
    assert browser.get("/overview").status_code == 200
    thief = town.browser()
    thief.client.set_cookie("silta_session", half.value)
    assert thief.get("/overview").status_code == 302


def test_a_recovery_code_works_once(town: Town) -> None:
    person = town.person("rita", Role.AGENT, town.alices)
    codes = town.enrol(person)
    for expected in (302, 422):
        browser = town.browser()
        browser.post("/sign-in", email=person.email, password=PASSWORD)
        assert browser.post("/sign-in/recovery", code=codes[0].lower()).status_code == expected


@pytest.mark.attack(29)
def test_a_cookie_is_dead_after_signing_out(town: Town) -> None:
    browser = town.browser(town.alice)
    cookie = browser.client.get_cookie("silta_session")
    assert cookie is not None
    browser.post("/sign-out")
    thief = town.browser()
    thief.client.set_cookie("silta_session", cookie.value)
    assert thief.get("/overview").headers["Location"] == "/sign-in"


def test_a_forgotten_password_is_told_alike_for_everybody(town: Town) -> None:
    one = town.browser().post("/forgotten-password", email=town.alice.email)
    other = town.browser().post("/forgotten-password", email="nobody@example.net")
    assert one.status_code == other.status_code == 200
    assert _text(one).split("csrf")[0] == _text(other).split("csrf")[0]


def test_whoever_has_a_password_of_somebody_else_chooses_another_first(town: Town) -> None:
    person = town.person("nora", Role.AGENT, town.alices, must_change_password=True)
    browser = town.browser()
    browser.sign_in(person)
    assert browser.get("/overview").headers["Location"] == "/new-password"
    fresh = "quiet lantern over seven fjords"
    browser.get("/new-password")
    answer = browser.post("/new-password", current=PASSWORD, password=fresh, again=fresh)
    assert answer.status_code == 302
    assert browser.get("/overview").status_code == 200


def test_a_tenant_that_wants_second_factors_gets_them(town: Town) -> None:
    with town.desk.tenant(town.charlies) as work:
        work.connection.exec_driver_sql("UPDATE tenants SET mfa_required = true")
    person = town.person("enno", Role.OWNER, town.charlies)
    browser = town.browser(person)
    assert browser.get("/overview").headers["Location"] == "/second-factor"
    assert "Begin" in _text(browser.get("/second-factor"))
    browser.post("/second-factor/begin")
    page = _text(browser.get("/second-factor"))
    person.secret = page.split('id="totp-secret">')[1].split("<")[0].replace(" ", "")
    answer = browser.post("/second-factor", code=person.code())
    assert answer.status_code == 200
    assert _text(answer).count("<li>") >= 10
    assert browser.get("/overview").status_code == 200
    with town.desk.tenant(town.charlies) as work:
        work.connection.exec_driver_sql("UPDATE tenants SET mfa_required = false")


def test_several_organisations_are_offered(town: Town) -> None:
    person = town.person("tilda", Role.AGENT, town.alices)
    town.join(person.id, Role.AUDITOR, town.charlies)
    browser = town.browser()
    assert browser.sign_in(person).headers["Location"] == "/organisation"
    assert "Charlie AB" in _text(browser.get("/organisation"))
    browser.post("/organisation", tenant=str(town.charlies))
    assert "Charlie AB" in _text(browser.get("/overview"))
    assert browser.get("/calls").status_code == 403
