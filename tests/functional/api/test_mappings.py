"""A mapping over the API: read, tried, saved, listed; never of another tenant."""

import json
from typing import Any

import pytest
from sqlalchemy import text

from connector.accounts.kinds import AccountKind
from tenants.permissions import KEY_SCOPES, Permission
from tenants.principals import Mode
from tests.functional.api.programs import Programs
from tests.tenancies import House

SAMPLE = json.dumps({"ref": "m-1", "von": {"nr": "+12025550143"}, "beginn": 1774778400, "x": "y"})
CHOSEN: dict[str, Any] = {
    "paths": {"caller": ["von.nr"], "source_id": ["ref"], "started_at": ["beginn"]},
    "times": "epoch_s",
    "direction": "inbound",
}


def test_it_is_read_tried_saved_and_listed(programs: Programs, house: House) -> None:
    account = house.alice.account(AccountKind.MOONTALK)
    path, client = f"/api/v1/accounts/{account.id}/mapping", programs.client
    key = programs.key(house.alice)
    begun = client.get(path, headers=key).get_json()
    assert (begun["version"], begun["mapping"]["times"]) == (0, "any")
    assert "caller_number" in begun["usual"]["caller"]

    wish = {"sample": SAMPLE, "mapping": CHOSEN}
    tried = client.post(f"{path}/try", json=wish, headers=key).get_json()
    (one,) = tried["calls"]
    assert one["call"]["caller"] == "+12025550143"
    assert tried["paths"]["x"] is None
    assert tried["paths"]["von.nr"] == "caller"
    usual = client.post(f"{path}/try", json={"sample": SAMPLE}, headers=key).get_json()
    assert usual["calls"][0]["rejection"]["code"] == "missing_start"
    broken = client.post(f"{path}/try", json={"sample": "{"}, headers=key).get_json()
    assert broken["problem"]

    save = {"mapping": CHOSEN, "based_on": 0}
    assert client.put(path, json=save, headers=key).get_json() == {"version": 1}
    again = client.put(path, json=save | {"based_on": 1}, headers=key)
    assert again.get_json() == {"version": 1}, "nothing is different"
    stale = client.put(path, json=save, headers=key)
    assert (stale.status_code, stale.get_json()["code"]) == (409, "mapping_changed")
    back: dict[str, Any] = {"mapping": {}, "based_on": 1}
    assert client.put(path, json=back, headers=key).get_json() == {"version": 2}
    assert client.get(path, headers=key).get_json()["mapping"]["times"] == "any"

    first = client.get(f"{path}/versions?limit=1", headers=key).get_json()
    assert [each["version"] for each in first["versions"]] == [2]
    more = f"{path}/versions?limit=1&cursor={first['next_cursor']}"
    second = client.get(more, headers=key).get_json()
    assert [each["mapping"]["times"] for each in second["versions"]] == ["epoch_s"]
    assert second["next_cursor"] is None
    (said,) = list(
        house.rows("SELECT count(*) FROM ledger_events WHERE event = 'console:account:mapped'")
    )
    assert said == (2,)


UNUSABLE: tuple[dict[str, Any], ...] = (
    {"paths": {"nobody": ["x"]}},
    {"paths": {"caller": ["\u0000"]}},
    {"paths": {"caller": [f"p{n}" for n in range(13)]}},
    {"times": "sometimes"},
    {"directions": {"in": "sideways"}},
    {"extension_digits": 10},
    {"region": "SE"},
)


def test_what_cannot_be_used_is_not_saved(programs: Programs, house: House) -> None:
    account, client = house.alice.account(AccountKind.MOONTALK), programs.client
    path, key = f"/api/v1/accounts/{account.id}/mapping", programs.key(house.alice)
    for mapping in UNUSABLE:
        for answer in (
            client.put(path, json={"mapping": mapping, "based_on": 0}, headers=key),
            client.post(f"{path}/try", json={"sample": "{}", "mapping": mapping}, headers=key),
        ):
            assert answer.status_code == 422, mapping
            assert answer.mimetype == "application/problem+json"


@pytest.mark.attack(34)
def test_scopes_tenants_kinds_and_test_keys(programs: Programs, house: House) -> None:
    account = house.alice.account(AccountKind.MOONTALK)
    path, client = f"/api/v1/accounts/{account.id}/mapping", programs.client
    save = {"mapping": CHOSEN, "based_on": 0}
    reader = programs.key(house.alice, scopes=KEY_SCOPES - {Permission.MAPPINGS_WRITE})
    assert client.get(path, headers=reader).status_code == 200
    assert client.put(path, json=save, headers=reader).status_code == 403
    assert client.post(f"{path}/try", json={"sample": "{}"}, headers=reader).status_code == 403
    other = programs.key(house.charlie)
    twilio = house.alice.account(AccountKind.TWILIO, "Cloud")
    unmapped = f"/api/v1/accounts/{twilio.id}/mapping"
    for key, where in ((other, path), (programs.key(house.alice), unmapped)):
        assert client.get(where, headers=key).status_code == 404
        assert client.get(f"{where}/versions", headers=key).status_code == 404
        assert client.put(where, json=save, headers=key).status_code == 404
        assert client.post(f"{where}/try", json={"sample": "{}"}, headers=key).status_code == 404
    trial = programs.key(house.alice, mode=Mode.TEST)
    assert client.put(path, json=save, headers=trial).get_json() == {"version": 1}
    assert client.get(path, headers=trial).get_json()["version"] == 0, "nothing was stored"
    with house.installation.superuser().connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM account_mappings")) == 0
