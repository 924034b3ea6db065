"""Twilio: signed callbacks, one call from its events."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email.utils import format_datetime
from urllib.parse import urlencode

import pytest
from werkzeug.test import TestResponse

from connector.accounts.kinds import AccountKind
from connector.providers.twilio.signatures import sign
from privacy.core import clock
from tests.functional.api.exchanges import Stored
from tests.functional.api.programs import Programs
from tests.tenancies import House

TOKEN = "token-of-a-test"


def twilio(
    programs: Programs,
    address: str,
    *,
    token: str = TOKEN,
    signed: str | None = None,
    **fields: str,
) -> TestResponse:
    form = {
        "CallSid": "CA1",
        "AccountSid": "AC1",
        "From": "+12025550143",
        "To": "+442079460018",
        "Direction": "inbound",
        **fields,
    }
    url = programs.house.installation.settings.public_url + address
    signature = signed if signed is not None else sign(url, list(form.items()), token).decode()
    return programs.client.post(
        address,
        data=urlencode(form),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature},
    )


def events() -> list[dict[str, str]]:
    start = clock.now() - timedelta(minutes=10)
    steps = [("ringing", 0), ("in-progress", 5), ("completed", 65)]
    return [
        {
            "CallStatus": status,
            "SequenceNumber": str(number),
            "Timestamp": format_datetime(start + timedelta(seconds=after)),
            **({"CallDuration": "60"} if status == "completed" else {}),
        }
        for number, (status, after) in enumerate(steps)
    ]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (0, 2, 2, 1, 0)])
def test_twilio_s_events_are_one_call_in_any_order(
    programs: Programs, house: House, stored: Stored, order: tuple[int, ...]
) -> None:
    _, address = programs.account(house.alice, AccountKind.TWILIO)
    told = events()
    for each in order:
        answer = twilio(programs, address, **told[each])
        assert (answer.status_code, answer.data) == (204, b"")
    (kept,) = stored()
    start = datetime.fromisoformat(kept["started_at"])
    assert (datetime.fromisoformat(kept["answered_at"]) - start).total_seconds() == 5
    assert (datetime.fromisoformat(kept["ended_at"]) - start).total_seconds() == 65


def test_twilio_s_events_at_the_same_moment_are_one_call(
    programs: Programs, house: House, stored: Stored
) -> None:
    _, address = programs.account(house.alice, AccountKind.TWILIO)
    for _ in range(3):
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda each: twilio(programs, address, **each), events()))
    (kept,) = stored()
    assert kept["answered_at"] is not None
    assert kept["ended_at"] is not None


@pytest.mark.attack(56)
def test_a_callback_without_the_right_signature_is_refused(
    programs: Programs, house: House
) -> None:
    _, address = programs.account(house.alice, AccountKind.TWILIO)
    event = events()[2]
    url = programs.house.installation.settings.public_url + address
    good = sign(url, [("CallSid", "CA1")], "token-of-a-test").decode()
    assert twilio(programs, address, token="another", **event).status_code == 403
    assert twilio(programs, address, signed="", **event).status_code == 403
    assert twilio(programs, address, signed=good, **event).status_code == 403
    elsewhere = sign(url + "/x", list(event.items()), "token-of-a-test").decode()
    assert twilio(programs, address, signed=elsewhere, **event).status_code == 403
    assert house.installation.count("calls") == 0
    refused = list(
        house.rows("SELECT event FROM ledger_events WHERE event LIKE 'provider:account%'")
    )
    assert len(refused) == 1, "said once a minute, however often it is tried"


@pytest.mark.attack(56)
def test_a_callback_sent_again_changes_nothing(
    programs: Programs, house: House, stored: Stored
) -> None:
    _, address = programs.account(house.alice, AccountKind.TWILIO)
    for event in events():
        twilio(programs, address, **event)
    before = stored()
    for event in [*events()[:1], *events()]:
        assert twilio(programs, address, **event).status_code == 204
    assert [each["id"] for each in stored()] == [each["id"] for each in before]
