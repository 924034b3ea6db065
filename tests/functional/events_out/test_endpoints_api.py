"""Webhook endpoints over the API: made, read, tried, rotated, replayed, deleted."""

from typing import Any

import pytest

from connector.events_out.endpoints import MOST
from tenants.permissions import Permission
from tenants.principals import Mode
from tests.database.events_out.outs import run_due
from tests.database.events_out.receivers import receiving
from tests.functional.api.conftest import programs
from tests.functional.api.programs import Programs, call
from tests.tenancies import House

__all__ = ["programs"]
PATH = "/api/v1/webhook-endpoints"
WISH: dict[str, Any] = {
    "name": "Helpdesk",
    "url": "https://hooks.example.com/silta",
    "kinds": ["call.received"],
}


def _open_loopback(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = programs.house.installation.settings
    monkeypatch.setitem(settings.__dict__, "outbound_loopback", True)


def test_from_an_endpoint_to_an_event_and_back(
    programs: Programs, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    _open_loopback(programs, monkeypatch)
    key, client = programs.key(house.alice), programs.client
    house.alice.account()
    with receiving() as receiver:
        made = client.post(PATH, json=WISH | {"url": receiver.url}, headers=key)
        assert made.status_code == 200, made.json
        assert made.json is not None
        receiver.secrets.append(made.json["secret"])
        one = f"{PATH}/{made.json['endpoint']['id']}"
        programs.post_calls(key, [call(n) for n in range(3)])
        assert client.post(f"{one}/test", headers=key).status_code == 200
        receiver.answers = [(500, {})]
        run_due(house, house.alice)
        log = client.get(f"{one}/deliveries", headers=key).json
        assert log is not None
        states = {line["kind"]: (line["state"], line["status"]) for line in log["deliveries"]}
        assert sorted(states.values()) == [("delivered", 200), ("waiting", 500)]
        (again,) = [line for line in log["deliveries"] if line["state"] == "waiting"]
        replay = f"/api/v1/webhook-deliveries/{again['id']}/replay"
        assert client.post(replay, headers=key).status_code == 200
        run_due(house, house.alice)
        log = client.get(f"{one}/deliveries?state=delivered", headers=key).json
        assert log is not None
        assert len(log["deliveries"]) == 2
    assert [told["type"] for told in receiver.taken].count("call.received") >= 1
    listed = client.get(PATH, headers=key)
    assert made.json["secret"] not in listed.get_data(as_text=True)
    rotated = client.post(f"{one}/rotate-secret", headers=key).json
    assert rotated is not None
    assert rotated["secret"].startswith("whsec_")
    assert client.post(f"{one}/disable", headers=key).status_code == 200
    refused = client.post(f"{one}/test", headers=key)
    assert (refused.status_code, refused.json and refused.json["code"]) == (
        409,
        "endpoint_disabled",
    )
    since = {"since": "2026-01-01T00:00:00Z"}
    assert client.post(f"{one}/deliveries/replay", json=since, headers=key).status_code == 409
    assert client.post(f"{one}/enable", headers=key).status_code == 200
    counted = client.post(f"{one}/deliveries/replay", json=since, headers=key)
    assert counted.json == {"count": 0}
    assert client.delete(one, headers=key).json == {"done": True}
    assert client.get(one, headers=key).status_code == 404


def test_a_test_key_stores_nothing(programs: Programs, house: House) -> None:
    key = programs.key(house.alice, mode=Mode.TEST)
    made = programs.client.post(PATH, json=WISH, headers=key)
    assert made.status_code == 200
    assert made.json is not None
    assert made.json["secret"].startswith("whsec_")
    for table in ("webhook_endpoints", "webhook_secrets", "ledger_events"):
        assert house.installation.count(table) == 0


@pytest.mark.attack(34)
def test_scopes_decide(programs: Programs, house: House) -> None:
    reader = programs.key(house.alice, scopes=[Permission.EVENTS_READ])
    other = programs.key(house.alice, scopes=[Permission.CALLS_READ])
    assert programs.client.get(PATH, headers=reader).status_code == 200
    assert programs.client.post(PATH, json=WISH, headers=reader).status_code == 403
    assert programs.client.get(PATH, headers=other).status_code == 403


@pytest.mark.attack(46)
@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/",
        "https://169.254.169.254/",
        "https://localhost/",
        "https://a:22/",
    ],
)
def test_addresses_inside_are_refused(programs: Programs, house: House, url: str) -> None:
    key = programs.key(house.alice)
    refused = programs.client.post(PATH, json=WISH | {"url": url}, headers=key)
    assert refused.status_code == 422
    assert refused.json is not None
    assert refused.json["errors"][0]["pointer"] == "/url"


@pytest.mark.attack(43)
def test_a_program_cannot_ask_for_personal_data(programs: Programs, house: House) -> None:
    key = programs.key(house.alice)
    refused = programs.client.post(PATH, json=WISH | {"include_personal": True}, headers=key)
    assert refused.status_code == 422


def test_there_is_a_most(programs: Programs, house: House) -> None:
    key = programs.key(house.alice)
    statuses = [
        programs.client.post(PATH, json=WISH, headers=key).status_code for _ in range(MOST + 1)
    ]
    assert statuses == [200] * MOST + [409]
