"""My account's "Change e-mail address", and the link that it mails."""

import re
from datetime import timedelta

import pytest

from privacy.core import clock
from tenants.permissions import Role
from tests.functional.console.town import PASSWORD, Browser, Person, Town

PAGE = "/me/email"


def _asks(town: Town, person: Person, address: str) -> str:
    """Asks as `person`; the link is read as an operator can who has no mail server."""
    browser = town.browser(person)
    assert f'href="{PAGE}"' in browser.get("/me").get_data(as_text=True)
    browser.get(PAGE)
    answer = browser.post(PAGE, follow=True, email=address)
    assert "on its way to the new address" in answer.get_data(as_text=True)
    return _newest_link(town, address)


def _newest_link(town: Town, address: str) -> str:
    operator = town.browser(town.operator)
    for place in re.findall(r'href="(/mails/[0-9a-f-]{36})"', _text(operator, "/mails")):
        body = _text(operator, place)
        found = re.search(r"/confirm-address/[\w-]+", body)
        if found is not None and address in body:
            return found[0]
    raise AssertionError("no mail with a link")


def _text(browser: Browser, path: str) -> str:
    return browser.get(path).get_data(as_text=True)


@pytest.mark.promise("F7")
def test_an_address_is_changed_by_who_reads_the_new_mailbox(town: Town) -> None:
    person = town.person("nelly", Role.AGENT, town.alices)
    link = _asks(town, person, "nelly@example.net")
    reader = town.browser()
    for _ in range(2):
        assert "You will sign in with nelly@example.net" in _text(reader, link)
    assert town.browser().sign_in(person).status_code == 302
    assert "is changed" in reader.post(link).get_data(as_text=True)
    assert town.browser().sign_in(person).status_code == 401
    moved = Person(person.id, "nelly@example.net")
    assert "nelly@example.net" in _text(town.browser(moved), "/me")


def test_a_link_works_once_and_older_ones_not_at_all(town: Town) -> None:
    person = town.person("oona", Role.AGENT, town.alices)
    first = _asks(town, person, "oona.first@example.net")
    second = _asks(town, person, "oona.second@example.net")
    reader = town.browser()
    assert reader.get(first).status_code == 410
    assert reader.post(second).status_code == 200
    for answer in (reader.get(second), reader.post(second), reader.get("/confirm-address/x")):
        assert answer.status_code == 410
        assert "Ask for a new one" in answer.get_data(as_text=True)


def test_an_address_with_an_account_is_told_to_its_reader_only(town: Town) -> None:
    person = town.person("pia", Role.AGENT, town.alices)
    link = _asks(town, person, town.charlie.email)
    answer = town.browser().post(link)
    assert answer.status_code == 409
    assert "has an account already" in answer.get_data(as_text=True)
    assert town.browser().sign_in(person).status_code == 302


def test_what_is_no_address_is_said_at_the_field(town: Town) -> None:
    browser = town.browser(town.agent)
    for typed in ("", "nobody"):
        browser.get(PAGE)
        text = browser.post(PAGE, email=typed).get_data(as_text=True)
        assert "Enter an e-mail address." in text
        assert 'aria-invalid="true"' in text


@pytest.mark.attack(33)
def test_a_form_without_its_token_changes_nothing(town: Town) -> None:
    person = town.person("quinn", Role.AGENT, town.alices)
    link = _asks(town, person, "quinn@example.net")
    assert town.browser().client.post(link).status_code == 400
    assert town.browser().get(link).status_code == 200


def test_it_asks_who_is_there_and_strangers_sign_in(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert town.browser().get(PAGE).headers["Location"] == "/sign-in"
    assert town.browser().post(PAGE, email="stranger@example.net").status_code == 401
    browser = town.browser(town.agent)
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr("tenants.http.proofs.clock.now", lambda: later)
    assert browser.get(PAGE).headers["Location"] == f"/is-it-you?onward={PAGE}"
    browser.get("/is-it-you")
    answer = browser.post("/is-it-you", password=PASSWORD, onward=PAGE)
    assert answer.headers["Location"] == PAGE
