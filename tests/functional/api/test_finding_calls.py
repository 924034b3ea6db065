"""Search, read, count: what a key may see, and what it cannot."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import text

from connector.accounts.kinds import AccountKind
from privacy.core import clock
from tenants.permissions import Permission
from tenants.principals import Mode
from tests.functional.api.programs import Programs, call
from tests.tenancies import House

SEARCH = "/api/v1/calls/search"


@pytest.fixture
def key(programs: Programs, house: House) -> dict[str, str]:
    house.alice.account()
    return programs.key(house.alice)


def test_a_call_is_found_by_number_in_any_spelling_and_read_by_id(
    programs: Programs, key: dict[str, str]
) -> None:
    programs.post_calls(key, [call(1), call(2)])
    for number in ("+12025550101", "001 202 555 0101", "+1 (202) 555-0101"):
        found = programs.client.post(SEARCH, json={"number": number}, headers=key)
        page = found.json
        assert page is not None
        assert [each["source_id"] for each in page["calls"]] == ["call-1"]
        assert page["next_cursor"] is None
        one = page["calls"][0]
    read = programs.client.get(f"/api/v1/calls/{one['id']}", headers=key)
    assert read.json == one
    assert read.headers["Cache-Control"] == "no-store"


def test_pages_follow_each_other_without_gap_or_repeat(
    programs: Programs, key: dict[str, str]
) -> None:
    calls = [call(n, ago=timedelta(minutes=10 + n % 3)) for n in range(7)]
    programs.post_calls(key, calls)
    seen: list[str] = []
    wanted: dict[str, object] = {"user_id": "agent-7", "limit": 2}
    for _ in range(9):
        page = programs.client.post(SEARCH, json=wanted, headers=key).json
        assert page is not None
        seen += [each["source_id"] for each in page["calls"]]
        if page["next_cursor"] is None:
            break
        wanted["cursor"] = page["next_cursor"]
    assert sorted(seen) == sorted(each["source_id"] for each in calls)


UNUSABLE: list[dict[str, object]] = [
    {"cursor": "garbage"},
    {"cursor": ""},
    {"cursor": "AAAA"},
    {"limit": 0},
    {"limit": 501},
    {"limit": True},
    {"number": ""},
    {"number": 5},
    {"number": "anonymous"},
    {"region": "fi"},
    {"since": "2026-11-20"},
    {"since": "2026-11-20T10:00:00"},
    {"since": "0001-01-01T00:00:00+14:00"},
    {"until": "9999-12-31T23:59:59-14:00"},
    {"since": "2026-11-20T10:00:00Z", "until": "2026-11-20T10:00:00Z"},
    {"tenant_id": str(uuid.uuid4())},
]


def test_what_cannot_be_looked_for_is_said(programs: Programs, key: dict[str, str]) -> None:
    for body in UNUSABLE:
        answer = programs.client.post(SEARCH, json=body, headers=key)
        assert (answer.status_code, answer.content_type) == (422, "application/problem+json"), body


@pytest.mark.attack(34)
def test_another_tenant_s_call_is_not_there(programs: Programs, house: House) -> None:
    house.alice.account()
    alice, charlie = programs.key(house.alice), programs.key(house.charlie)
    programs.post_calls(alice, [call(1)])
    found = programs.client.post(SEARCH, json={"number": "+12025550101"}, headers=alice).json
    assert found is not None
    path = f"/api/v1/calls/{found['calls'][0]['id']}"
    nothing = programs.client.get(f"/api/v1/calls/{uuid.uuid4()}", headers=charlie)
    theirs = programs.client.get(path, headers=charlie)
    assert (theirs.status_code, nothing.status_code) == (404, 404)
    assert theirs.json is not None
    assert nothing.json is not None
    assert theirs.json | {"request_id": ""} == nothing.json | {"request_id": ""}
    empty = programs.client.post(SEARCH, json={"number": "+12025550101"}, headers=charlie).json
    assert empty == {"calls": [], "next_cursor": None}


def test_ids_that_are_none_are_not_found(programs: Programs, key: dict[str, str]) -> None:
    for wrong in ("1", "x", str(uuid.UUID(int=0)), str(uuid.UUID(int=2**128 - 1)), "%00"):
        assert programs.client.get(f"/api/v1/calls/{wrong}", headers=key).status_code == 404


def test_scopes_are_kept_apart(programs: Programs, house: House) -> None:
    asks = {
        Permission.CALLS_SEARCH: ("POST", SEARCH),
        Permission.CALLS_READ: ("GET", f"/api/v1/calls/{uuid.uuid4()}"),
        Permission.STATISTICS_READ: ("GET", "/api/v1/usage"),
        Permission.ACCOUNTS_READ: ("GET", "/api/v1/accounts"),
    }

    def ask(needed: Permission, key: dict[str, str]) -> int:
        method, path = asks[needed]
        sent = b"{}" if method == "POST" else None
        kind = "application/json" if sent else None
        return programs.client.open(
            path, method=method, headers=key, data=sent, content_type=kind
        ).status_code

    for needed in asks:
        others = programs.key(house.alice, scopes=set(asks) - {needed})
        assert ask(needed, others) == 403
        assert ask(needed, programs.key(house.alice, scopes=[needed])) in {200, 404}
        assert ask(needed, {}) == 401


def test_usage_counts_by_day_account_and_direction(programs: Programs, key: dict[str, str]) -> None:
    programs.post_calls(key, [call(1), call(2), call(3, direction="outbound")])
    usage = programs.client.get("/api/v1/usage", headers=key).json
    assert usage is not None
    counted = {(each["direction"], each["calls"], each["seconds"]) for each in usage["tallies"]}
    assert counted == {("inbound", 2, 120), ("outbound", 1, 60)}
    today = clock.now().date()
    assert usage["until"] == today.isoformat()
    for query in ("since=x", "since=2026-11-02&until=2026-11-01", "since=2001-01-01", "day=1"):
        assert programs.client.get(f"/api/v1/usage?{query}", headers=key).status_code == 422


@pytest.mark.attack(31)
def test_nothing_shows_a_secret(programs: Programs, house: House) -> None:
    account, address = programs.account(house.alice, AccountKind.TWILIO)
    key = programs.key(house.alice)
    raw, secret = key["Authorization"].split()[1], address.rpartition("/")[2]
    listed = programs.client.get("/api/v1/accounts", headers=key)
    mine = programs.client.get("/api/v1/me", headers=key)
    assert listed.json is not None
    assert [each["id"] for each in listed.json["accounts"]] == [str(account.id)]
    assert mine.json is not None
    assert mine.json["tenant_id"] == str(house.alice.id)
    for answer in (listed, mine):
        for hidden in (raw, secret, "token-of-a-test"):
            assert hidden not in answer.text
    with house.installation.superuser().connect() as connection:
        stored = connection.execute(
            text("SELECT a::text || s::text FROM connector_accounts a, account_secrets s")
        ).scalar_one()
    assert secret not in stored
    assert "token-of-a-test" not in stored


def test_a_test_key_opens_nobody_s_calls(
    programs: Programs, key: dict[str, str], house: House
) -> None:
    programs.post_calls(key, [call(1)])
    wanted = {"number": "+12025550101"}
    found = programs.client.post(SEARCH, json=wanted, headers=key).json
    assert found is not None
    path = f"/api/v1/calls/{found['calls'][0]['id']}"
    trying = programs.key(house.alice, mode=Mode.TEST)
    nothing = programs.client.post(SEARCH, json=wanted, headers=trying)
    assert nothing.json == {"calls": [], "next_cursor": None}
    assert nothing.headers["Silta-Mode"] == "test"
    assert programs.client.get(path, headers=trying).status_code == 404
    wrong = programs.client.post(SEARCH, json={"number": "anonymous"}, headers=trying)
    assert wrong.status_code == 422
