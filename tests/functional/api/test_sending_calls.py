"""POST /api/v1/calls: what is taken, what is refused, what is stored."""

import gzip
import json
import re
import zlib
from datetime import timedelta
from typing import Any

import pytest
from redis import Redis

from connector.accounts.kinds import AccountKind
from connector.accounts.states import AccountState
from connector.http.api.calls.addressing import address_book
from connector.http.rates import callers
from connector.http.rates.policies import Policy
from tenants.permissions import Permission
from tenants.principals import Mode
from tests.functional.api.programs import Programs, call
from tests.tenancies import House


@pytest.fixture
def key(programs: Programs, house: House) -> dict[str, str]:
    house.alice.account()
    return programs.key(house.alice)


def taken(accepted: int = 0, duplicates: int = 0, expired: int = 0) -> dict[str, Any]:
    return {"accepted": accepted, "duplicates": duplicates, "expired": expired, "rejected": []}


def test_an_array_is_taken_and_a_redelivery_changes_nothing(
    programs: Programs, key: dict[str, str]
) -> None:
    calls = [call(n) for n in range(3)]
    first = programs.post_calls(key, calls)
    assert (first.status_code, first.json) == (200, taken(accepted=3))
    assert first.headers["Silta-Mode"] == "live"
    assert programs.post_calls(key, calls).json == taken(duplicates=3)
    assert programs.house.installation.count("calls") == 3


def test_json_lines_are_taken_and_a_bad_line_is_its_own_fault(
    programs: Programs, key: dict[str, str]
) -> None:
    body = f"{json.dumps(call(1))}\n{{nonsense\n\n{json.dumps(call(2))}\n"
    answer = programs.client.post(
        "/api/v1/calls", data=body, content_type="application/x-ndjson", headers=key
    )
    assert answer.json is not None
    assert answer.json["accepted"] == 2
    assert [each["index"] for each in answer.json["rejected"]] == [1]
    assert answer.json["rejected"][0]["code"] == "invalid_json"


def test_gzip_is_taken(programs: Programs, key: dict[str, str]) -> None:
    body = gzip.compress(json.dumps([call(1)]).encode())
    answer = programs.client.post(
        "/api/v1/calls",
        data=body,
        content_type="application/json",
        headers=key | {"Content-Encoding": "gzip"},
    )
    assert answer.json == taken(accepted=1)


@pytest.mark.attack(47)
def test_a_bomb_is_refused(programs: Programs, key: dict[str, str]) -> None:
    for size in (9 * 1024 * 1024, 200 * 1024 * 1024):
        packer = zlib.compressobj(9, wbits=31)
        body = packer.compress(b"[" + b" " * size) + packer.flush()
        answer = programs.client.post(
            "/api/v1/calls",
            data=body,
            content_type="application/json",
            headers=key | {"Content-Encoding": "gzip"},
        )
        assert answer.status_code == 413


UNREADABLE: list[tuple[bytes, str, str | None, int, str]] = [
    (b"[{]", "application/json", None, 400, "malformed_document"),
    (b"{}", "application/json", None, 400, "malformed_document"),
    (b"", "application/json", None, 400, "malformed_document"),
    (b"\xff[]", "application/json", None, 400, "malformed_document"),
    (b"[]", "text/csv", None, 415, "unsupported_media_type"),
    (b"[]", "", None, 415, "unsupported_media_type"),
    (b"[]", "application/json", "br", 415, "unsupported_media_type"),
    (b"no gzip", "application/json", "gzip", 400, "broken_compression"),
    (b"[" + b" " * (10 << 20) + b"]", "application/json", None, 413, "too_large"),
    (b"[" + b"{}," * 10_000 + b"{}]", "application/json", None, 413, "too_many_records"),
]


def test_a_document_that_cannot_be_read_stores_nothing(
    programs: Programs, key: dict[str, str]
) -> None:
    for body, content_type, encoding, status, code in UNREADABLE:
        more = {"Content-Encoding": encoding} if encoding else {}
        answer = programs.client.post(
            "/api/v1/calls", data=body, content_type=content_type, headers=key | more
        )
        assert answer.json is not None
        assert (answer.status_code, answer.json["code"]) == (status, code), body[:20]
        assert answer.content_type == "application/problem+json"
    assert programs.house.installation.count("calls") == 0


def test_good_records_are_stored_beside_bad_ones(programs: Programs, key: dict[str, str]) -> None:
    calls = [
        call(0),
        call(1, direction="sideways"),
        call(2, tenant_id="x"),
        call(3, started_at="2026-01-01T10:00:00"),
        call(4, ago=-timedelta(days=2)),
        call(5, ended_at="2020-01-01T00:00:00Z"),
        {"direction": "inbound"},
        call(7),
    ]
    answer = programs.post_calls(key, calls).json
    assert answer is not None
    assert answer["accepted"] == 2
    assert [(each["index"], each["code"]) for each in answer["rejected"]] == [
        (1, "invalid_field"),
        (2, "unknown_field"),
        (3, "invalid_field"),
        (4, "starts_in_future"),
        (5, "ends_before_start"),
        (6, "missing_start"),
    ]


def test_old_records_are_counted_and_are_no_error(programs: Programs, key: dict[str, str]) -> None:
    calls = [call(1, ago=timedelta(days=31)), call(2, ago=timedelta(days=29)), call(3)]
    assert programs.post_calls(key, calls).json == taken(accepted=2, expired=1)


AMBIGUOUS = [
    '{"direction":"inbound","direction":"outbound","started_at":"2026-11-20T10:00:00Z"}',
    '{"direction":"inbound","version":1e400,"started_at":"2026-11-20T10:00:00Z"}',
    '{"direction":"inbound","version":NaN,"started_at":"2026-11-20T10:00:00Z"}',
    '{"direction":"inbound","version":99999999999999999999,"started_at":"2026-11-20T10:00:00Z"}',
    '{"direction":"inbound","caller":{"a":[[[[]]]]},"started_at":"2026-11-20T10:00:00Z"}',
]


@pytest.mark.attack(55)
def test_ambiguous_json_is_never_stored(programs: Programs, key: dict[str, str]) -> None:
    for record in AMBIGUOUS:
        answer = programs.client.post(
            "/api/v1/calls", data=f"[{record}]", content_type="application/json", headers=key
        )
        assert answer.status_code in {200, 400}
    assert programs.house.installation.count("calls") == 0


@pytest.mark.attack(43)
def test_what_is_not_a_sender_s_to_say_is_refused(programs: Programs, key: dict[str, str]) -> None:
    for name in ("tenant_id", "id", "day", "account_id", "destroyed_at"):
        answer = programs.post_calls(key, [call(1) | {name: "x"}]).json
        assert answer is not None
        assert answer["rejected"][0]["code"] == "unknown_field"


@pytest.mark.attack(45)
def test_text_is_text(programs: Programs, key: dict[str, str]) -> None:
    for text in ("'; DROP TABLE calls; --", "\x00", "\\x00", "%s", "{}", "$1", '"', "\r\nX: y"):
        record = call(1, user_id=text, contact_person=text, company=text, source_id=text)
        assert programs.post_calls(key, [record]).json == taken(accepted=1)
        found = programs.client.post(
            "/api/v1/calls/search", json={"user_id": text}, headers=key
        ).json
        assert found is not None
        assert [each["company"] for each in found["calls"]] == [text]


def test_records_go_to_the_account_that_they_name(
    programs: Programs, key: dict[str, str], house: House
) -> None:
    other = house.alice.account(name="Branch office")
    by_id, by_key = call(1, account=str(other.id)), call(2, account="Branch office")
    nowhere = call(3, account="Head office")
    unnamed = call(4)
    answer = programs.post_calls(key, [by_id, by_key, nowhere, unnamed]).json
    assert answer is not None
    assert answer["accepted"] == 2
    assert [(each["index"], each["code"]) for each in answer["rejected"]] == [
        (2, "unknown_account"),
        (3, "unknown_account"),
    ]


def test_an_account_of_another_tenant_does_not_exist(
    programs: Programs, key: dict[str, str], house: House
) -> None:
    theirs = house.charlie.account()
    answer = programs.post_calls(key, [call(1, account=str(theirs.id))]).json
    assert answer is not None
    assert answer["rejected"][0]["code"] == "unknown_account"


def test_a_test_key_answers_alike_and_stores_nothing(programs: Programs, house: House) -> None:
    house.alice.account()
    trying = programs.key(house.alice, mode=Mode.TEST)
    calls = [call(1), call(2, direction="x"), call(3, ago=timedelta(days=40)), call(1)]
    tried = programs.post_calls(trying, calls, **{"Idempotency-Key": "k"})
    assert tried.headers["Silta-Mode"] == "test"
    for table in ("calls", "call_tallies", "post_minutes", "idempotent_answers"):
        assert house.installation.count(table) == 0
    real = programs.post_calls(programs.key(house.alice), calls)
    assert tried.json == real.json
    assert house.installation.count("calls") == 1


def test_repeated_request_is_answered_alike(programs: Programs, key: dict[str, str]) -> None:
    same = {"Idempotency-Key": "7c1f"}
    calls = [call(1), call(2, direction="x")]
    first = programs.post_calls(key, calls, **same)
    again = programs.post_calls(key, calls, **same)
    assert again.data == first.data
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    other = programs.post_calls(key, [call(3)], **same)
    assert other.json is not None
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")
    bad = programs.post_calls(key, calls, **{"Idempotency-Key": "a b"})
    assert bad.status_code == 400
    assert programs.house.installation.count("calls") == 1


def test_without_the_scope_nothing_is_stored(programs: Programs, house: House) -> None:
    house.alice.account()
    reader = programs.key(house.alice, scopes=[Permission.CALLS_READ])
    answer = programs.post_calls(reader, [call(1)])
    assert answer.json is not None
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
    assert programs.client.post("/api/v1/calls", json=[]).status_code == 401
    assert house.installation.count("calls") == 0


def test_a_paused_account_takes_nothing(programs: Programs, key: dict[str, str]) -> None:
    with programs.house.installation.superuser().begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE connector_accounts SET state = '{AccountState.DISABLED}'"
        )
    answer = programs.post_calls(key, [call(1)]).json
    assert answer is not None
    assert answer["rejected"][0]["code"] == "account_paused"


def test_limits_are_said_and_kept(programs: Programs, key: dict[str, str]) -> None:
    answer = programs.client.get("/api/v1/me", headers=key)
    assert answer.headers["RateLimit-Policy"] == '"key";q=12000;w=60'
    assert answer.headers["RateLimit"].startswith('"key";r=11999;t=')


def test_past_the_limit_a_key_waits_and_others_do_not(
    programs: Programs, key: dict[str, str], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callers, "KEY", Policy("key", 2, 60))
    statuses = [programs.client.get("/api/v1/me", headers=key).status_code for _ in range(2)]
    refused = programs.client.get("/api/v1/me", headers=key)
    assert statuses == [200, 200]
    assert refused.json is not None
    assert (refused.status_code, refused.json["code"]) == (429, "too_many_requests")
    assert refused.headers["RateLimit"].startswith('"key";r=0;t=')
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    other = programs.key(house.alice)
    assert programs.client.get("/api/v1/me", headers=other).status_code == 200


def test_redis_holds_ids_and_numbers_of_ours_only(
    programs: Programs, key: dict[str, str], house: House
) -> None:
    redis: Any = Redis.from_url(house.installation.servers.redis_operator_url)
    others = set(redis.scan_iter("silta:requests:*"))
    programs.post_calls(key, [call(1)])
    names = [name.decode() for name in set(redis.scan_iter("silta:requests:*")) - others]
    assert names
    pattern = re.compile(r"silta:requests:(key|account):[0-9a-f-]{36}")
    assert all(pattern.fullmatch(name) for name in names)
    # What other tests counted may end while we look.
    counts = {name: redis.get(name) for name in names}
    assert all(count.isdigit() for count in counts.values() if count is not None)
    assert any(counts.values())
    assert all(redis.ttl(name) <= 60 and redis.ttl(name) != -1 for name in names)


def test_of_many_accounts_only_those_that_a_batch_names_are_read(house: House) -> None:
    tenancy = house.alice
    made = [tenancy.account(AccountKind.FREESWITCH, f"PBX {n}") for n in range(5)]
    own = tenancy.account(AccountKind.API, "Own program")
    with tenancy.work() as work:
        names = {str(made[0].id), made[1].external_key, "nobody's", "\0", None}
        book = address_book(work, names)
        assert book.find(str(made[0].id)) == made[0]
        assert book.find(made[1].external_key) == made[1]
        assert book.find(str(made[2].id)) is None, "it was not named"
        assert book.find(None) == own
        assert book.find("\0") is None
        assert address_book(work, {str(own.id)}).find(None) is None
    with house.charlie.work() as work:
        assert address_book(work, {str(made[0].id)}).find(str(made[0].id)) is None
