"""Systems that send: changed, tried by hand, and connected by the first call that can be stored."""

import uuid
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from connector.accounts.find import find_account
from connector.accounts.kinds import AccountKind
from connector.accounts.models import ConnectorAccount
from connector.calls.models import Call
from privacy.core import clock
from privacy.ledger.events import Event
from privacy.ledger.models import LedgerEvent
from tests.functional.api.exchanges import cdr
from tests.functional.console.town import Browser, Town
from tests.tenancies import Tenancy


@pytest.fixture
def alices(town: Town) -> Tenancy:
    return town.tenancy(town.alices)


@pytest.fixture
def browser(town: Town) -> Browser:
    return town.browser(town.alice)


def made(alices: Tenancy, kind: AccountKind) -> uuid.UUID:
    return alices.account(kind, token_hex(4)).id


def row_of(alices: Tenancy, account_id: uuid.UUID) -> ConnectorAccount:
    with alices.work() as work:
        return find_account(work, account_id)


def said(alices: Tenancy, account_id: uuid.UUID, event: Event) -> list[dict[str, object]]:
    found = select(LedgerEvent.facts).where(
        LedgerEvent.subject == str(account_id), LedgerEvent.event == event.value
    )
    with alices.work() as work:
        return [dict(facts) for facts in work.session.scalars(found)]


def test_name_country_and_zone_are_changed_and_the_change_is_recorded(
    browser: Browser, alices: Tenancy, town: Town
) -> None:
    account_id = made(alices, AccountKind.FREESWITCH)
    before, path = row_of(alices, account_id).external_key, f"/systems/{account_id}/change"
    chosen: dict[str, Any] = {"name": "Åbo", "region": "SE", "time_zone": "Europe/Stockholm"}
    assert 'value="Europe/Helsinki"' in browser.get(path).get_data(as_text=True)
    assert browser.post(path, **chosen).status_code == 302
    row = row_of(alices, account_id)
    assert (row.name, row.region, row.time_zone) == ("Åbo", "SE", "Europe/Stockholm")
    assert row.external_key == before, "calls may carry it"
    browser.get(path)
    assert browser.post(path, **chosen).status_code == 302
    assert said(alices, account_id, Event.ACCOUNT_CHANGED) == [
        {"name": "changed", "region": "changed", "time_zone": "changed"}
    ], "what changes nothing is no change"
    browser.get(path)
    wrong = browser.post(path, name=" ", region="SE", time_zone="Europe/Stockholm")
    assert wrong.status_code == 422
    assert "up to 120" in wrong.get_data(as_text=True)
    assert town.browser(town.agent).get(path).status_code == 403
    assert town.browser(town.charlie).get(path).status_code == 404


def test_a_test_delivery_connects_and_leaves_nothing_behind(
    browser: Browser, alices: Tenancy
) -> None:
    account_id = made(alices, AccountKind.FREESWITCH)
    assert row_of(alices, account_id).state == "testing"
    shown = browser.get(f"/systems/{account_id}").get_data(as_text=True)
    assert "Under test" in shown
    path = f"/systems/{account_id}/delivery"
    refused = browser.post(path, document="{")
    assert refused.status_code == 400
    assert "not valid JSON" in refused.get_data(as_text=True)
    assert row_of(alices, account_id).state == "testing", "what cannot be read connects nothing"
    told = browser.post(path, document=cdr()).get_data(as_text=True)
    assert "1 call would be stored" in told
    assert "is connected now" in told
    assert row_of(alices, account_id).state == "connected"
    assert row_of(alices, account_id).last_received_at is None, "nothing has come yet"
    assert said(alices, account_id, Event.ACCOUNT_TESTED) == [
        {"from": "testing", "to": "connected", "reason": "by_hand"}
    ]
    assert said(alices, account_id, Event.CALLS_INGESTED) == []
    with alices.work() as work:
        assert work.session.query(Call).count() == 0


def test_a_program_of_ones_own_is_tried_too(browser: Browser, alices: Tenancy) -> None:
    account_id = made(alices, AccountKind.API)
    browser.get(f"/systems/{account_id}")
    path, now = f"/systems/{account_id}/delivery", clock.now().isoformat()
    late = '[{"direction": "inbound", "started_at": "2999-01-01T00:00:00Z"}]'
    told = browser.post(path, document=late).get_data(as_text=True)
    assert "0 calls would be stored" in told
    assert "more than a day ahead" in told
    assert row_of(alices, account_id).state == "testing"
    good = f'[{{"direction": "inbound", "started_at": "{now}"}}]'
    assert "is connected now" in browser.post(path, document=good).get_data(as_text=True)


@pytest.mark.attack(56)
def test_what_is_signed_is_connected_by_a_signed_delivery_alone(
    browser: Browser, alices: Tenancy
) -> None:
    account_id = made(alices, AccountKind.TWILIO)
    browser.get(f"/systems/{account_id}")
    sent = {
        "CallSid": "CA1",
        "CallStatus": "completed",
        "Direction": "inbound",
        "From": "+12025550143",
        "To": "+442079460018",
        "Timestamp": clock.now().strftime("%a, %d %b %Y %H:%M:%S +0000"),
    }
    told = browser.post(f"/systems/{account_id}/delivery", document=urlencode(sent))
    assert "first own delivery connects it" in told.get_data(as_text=True)
    assert row_of(alices, account_id).state == "testing"


def test_what_is_paused_or_asked_takes_no_test_delivery(browser: Browser, alices: Tenancy) -> None:
    account_id = made(alices, AccountKind.THREECX)
    browser.get(f"/systems/{account_id}")
    assert browser.post(f"/systems/{account_id}/pause").status_code == 302
    assert browser.post(f"/systems/{account_id}/delivery", document="x").status_code == 404
