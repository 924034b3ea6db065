"""A mapping edited in the console: tried, saved, put back, without a script."""

import json
from secrets import token_hex
from typing import Any

import pytest

from connector.accounts.kinds import AccountKind
from connector.calls.models import Call
from tests.functional.console.town import Browser, Town
from tests.tenancies import Tenancy

SAMPLE = {"Ref": "A-1", "parties": [{"nr": "+12025550143"}], "begin": 1774778400, "x": "other"}
CHOSEN: dict[str, Any] = {"times": "any", "usual_direction": "", "based_on": "0"}
ENTERED: dict[str, Any] = CHOSEN | {
    "caller": "parties[0].nr",
    "source_id": "ref",
    "started_at": "begin",
    "times": "epoch_s",
    "words": "eingehend = inbound",
}


@pytest.fixture
def alices(town: Town) -> Tenancy:
    return town.tenancy(town.alices)


@pytest.fixture
def path(alices: Tenancy) -> str:
    return f"/systems/{alices.account(AccountKind.MOONTALK, token_hex(4)).id}/mapping"


@pytest.fixture
def browser(town: Town) -> Browser:
    return town.browser(town.alice)


def test_a_sample_is_tried_and_nothing_is_stored(
    browser: Browser, path: str, alices: Tenancy
) -> None:
    browser.get(path)
    answer = browser.post(f"{path}/try", **ENTERED, sample=json.dumps({"items": [SAMPLE]}))
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "1 call was found" in text
    assert "+12025550143" in text
    assert "dropped" in text
    assert 'value="parties[0].nr"' in text
    with alices.work() as work:
        assert work.session.query(Call).count() == 0
    assert 'value="parties[0].nr"' not in browser.get(path).get_data(as_text=True)


def test_it_is_saved_put_back_and_read_again(browser: Browser, path: str) -> None:
    browser.get(path)
    assert browser.post(path, **ENTERED).status_code == 302
    text = browser.get(path).get_data(as_text=True)
    assert 'value="parties[0].nr"' in text
    assert "eingehend = inbound" in text
    assert "Version 1" in text
    stale = browser.post(path, caller="x", **CHOSEN)
    assert stale.status_code == 409
    assert "Somebody else" in stale.get_data(as_text=True)
    assert browser.post(f"{path}/restore", version="0", based_on="1").status_code == 302
    assert 'value="parties[0].nr"' not in browser.get(path).get_data(as_text=True)
    assert browser.post(f"{path}/again").status_code == 302


def test_what_is_wrong_is_said_at_its_field(browser: Browser, path: str) -> None:
    browser.get(path)
    for where in (path, f"{path}/try"):
        answer = browser.post(where, words="sideways", **CHOSEN)
        assert answer.status_code == 422
        assert "Write a word" in answer.get_data(as_text=True)
    told = browser.post(f"{path}/try", sample="{", **CHOSEN).get_data(as_text=True)
    assert "not valid JSON" in told


@pytest.mark.attack(34)
def test_only_who_may_change_systems_and_only_ones_own(
    town: Town, path: str, alices: Tenancy
) -> None:
    assert town.browser(town.agent).get(path).status_code == 403
    assert town.browser(town.charlie).get(path).status_code == 404
    other = alices.account(AccountKind.TWILIO)
    assert town.browser(town.alice).get(f"/systems/{other.id}/mapping").status_code == 404
