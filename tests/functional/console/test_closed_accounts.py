"""An operator disables another operator's account, and enables it again."""

from datetime import timedelta

import pytest

from privacy.core import clock
from privacy.core.db.tenancy import INSTALLATION_ID
from tenants.permissions import Role
from tests.functional.console.town import Town


@pytest.mark.attack(29)
def test_a_disabled_account_is_out_at_once_until_it_is_enabled(town: Town) -> None:
    person = town.person("otto", Role.OPERATOR, INSTALLATION_ID)
    theirs, operator = town.browser(person), town.browser(town.operator)
    page = f"/people/{person.id}"
    assert f'action="{page}/disable"' in operator.get(page).get_data(as_text=True)
    text = operator.post(f"{page}/disable", follow=True).get_data(as_text=True)
    assert "signed out everywhere" in text
    assert f'action="{page}/enable"' in text
    assert ">disabled<" in operator.get("/people").get_data(as_text=True)
    assert theirs.get("/me").headers["Location"] == "/sign-in"
    assert town.browser().sign_in(person).status_code == 401
    text = operator.post(f"{page}/enable", follow=True).get_data(as_text=True)
    assert "can sign in again" in text
    assert town.browser().sign_in(person).status_code == 302


def test_nobody_disables_themselves(town: Town) -> None:
    operator = town.browser(town.operator)
    page = f"/people/{town.operator.id}"
    assert "/disable" not in operator.get(page).get_data(as_text=True)
    assert operator.post(f"{page}/disable").status_code == 403
    assert operator.get("/me").status_code == 200


@pytest.mark.attack(34)
def test_an_organisations_people_are_its_own(town: Town) -> None:
    operator = town.browser(town.operator)
    assert operator.post(f"/people/{town.agent.id}/disable").status_code == 404
    assert town.browser().sign_in(town.agent).status_code == 302


@pytest.mark.attack(30)
def test_no_role_of_an_organisation_disables(town: Town) -> None:
    for person in (town.alice, town.agent, town.auditor):
        for act in ("disable", "enable"):
            answer = town.browser(person).post(f"/people/{town.charlie.id}/{act}")
            assert answer.status_code == 403
    page = town.browser(town.alice).get(f"/people/{town.agent.id}").get_data(as_text=True)
    assert "/disable" not in page


def test_it_asks_who_is_there(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    person = town.person("olli", Role.OPERATOR, INSTALLATION_ID)
    operator = town.browser(town.operator)
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr("tenants.http.proofs.clock.now", lambda: later)
    answer = operator.post(f"/people/{person.id}/disable")
    assert answer.headers["Location"] == f"/is-it-you?onward=/people/{person.id}"
    monkeypatch.undo()
    assert town.browser().sign_in(person).status_code == 302
