"""Inquiries over the API: recorded, found, answered, closed; a test key stores nothing."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import text

from privacy.core import clock
from tenants.permissions import Permission
from tenants.principals import Mode
from tenants.sealed_fields import TENANT_NAME
from tests.functional.api.programs import Programs

NEW = {
    "service": "V",
    "channel": "ticket",
    "name": "Robin Example",
    "email": "robin@example.org",
    "message": "Please call.",
}


@pytest.fixture
def alice(programs: Programs) -> dict[str, str]:
    """A key of Alice's, whose tenant has both services."""
    return key_of(programs, "alice")


def key_of(programs: Programs, who: str, mode: Mode = Mode.LIVE) -> dict[str, str]:
    tenancy = getattr(programs.house, who)
    with tenancy.work() as work:
        sealed = TENANT_NAME.seal(tenancy.vault, work, work.tenant_id, who, version=1)
        work.connection.execute(
            text(
                "INSERT INTO tenants (tenant_id, name_sealed, name_version, services, state, "
                "mfa_required, created_at) VALUES (:t, :s, 1, '{C,V}', 'active', false, now()) "
                "ON CONFLICT DO NOTHING"
            ),
            {"t": work.tenant_id, "s": sealed},
        )
    return programs.key(tenancy, mode=mode)


@pytest.mark.promise("A10")
def test_from_record_to_close(programs: Programs, alice: dict[str, str]) -> None:
    ask = programs.client
    made = ask.post("/api/v1/inquiries", json=NEW, headers=alice).json
    assert made is not None
    path = f"/api/v1/inquiries/{made['id']}"
    whole = ask.get(path, headers=alice).json
    assert whole is not None
    assert whole["inquiry"]["reference"] == made["reference"]
    assert [m["text"] for m in whole["messages"]] == ["Please call."]
    answer = {"text": "We call at ten.", "answers_to": "desk@example.com"}
    assert ask.post(f"{path}/answer", json=answer, headers=alice).json == {
        "id": made["id"], "state": "answered",
    }  # fmt: skip
    listed = ask.get("/api/v1/inquiries?state=answered", headers=alice).json
    assert listed is not None
    assert [one["id"] for one in listed["inquiries"]] == [made["id"]]
    found = ask.post(
        "/api/v1/inquiries/search", json={"email": "ROBIN@example.org"}, headers=alice
    ).json
    assert found is not None
    assert len(found["inquiries"]) == 1
    assert ask.post(f"{path}/close", headers=alice).status_code == 200
    assert ask.post(f"{path}/close", headers=alice).status_code == 409


@pytest.mark.attack(44)
def test_a_repeated_record_is_one(programs: Programs, alice: dict[str, str]) -> None:
    headers = alice | {"Idempotency-Key": "once-1"}
    answers = [
        programs.client.post("/api/v1/inquiries", json=NEW, headers=headers) for _ in range(3)
    ]
    assert len({answer.get_data() for answer in answers}) == 1
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    assert programs.house.installation.count("inquiries") == 1


@pytest.mark.promise("A12")
@pytest.mark.attack(43)
@pytest.mark.parametrize(
    "change",
    [
        {"birth_date": "1990-01-01"},
        {"service": "T"},
        {"service": "N"},
        {"channel": "pigeon"},
        {"channel": "unofficial"},
        {"email": None},
        {"email": "nobody"},
        {"message": ""},
        {"message": "x" * 5001},
        {"topic": "gossip"},
        {"consent": {"channel": "skype", "at": "2026-01-01T00:00:00Z"}},
    ],
)
def test_what_is_not_right_is_refused(
    programs: Programs, alice: dict[str, str], change: dict[str, object]
) -> None:
    answer = programs.client.post("/api/v1/inquiries", json=NEW | change, headers=alice)
    assert answer.status_code == 422, answer.json
    assert programs.house.installation.count("inquiries") == 0


@pytest.mark.promise("D6")
def test_an_unofficial_channel_with_consent(programs: Programs, alice: dict[str, str]) -> None:
    at = (clock.now() - timedelta(hours=1)).isoformat()
    body = {
        "service": "V",
        "channel": "unofficial",
        "message": "Hi",
        "consent": {"channel": "linkedin", "at": at, "handle": "robin"},
    }
    made = programs.client.post("/api/v1/inquiries", json=body, headers=alice)
    assert made.json is not None
    found = programs.client.get(f"/api/v1/inquiries/{made.json['id']}", headers=alice).json
    assert found is not None
    assert found["inquiry"]["unofficial"] == "linkedin"
    ends = (clock.now() + timedelta(days=30)).date().isoformat()
    assert found["inquiry"]["ends_on"] == ends


def test_a_test_key_checks_and_stores_nothing(programs: Programs) -> None:
    key = key_of(programs, "alice", Mode.TEST)
    made = programs.client.post("/api/v1/inquiries", json=NEW, headers=key)
    assert made.json == {"id": None, "reference": None}
    assert programs.house.installation.count("inquiries") == 0
    assert programs.client.get("/api/v1/inquiries", headers=key).json == {
        "inquiries": [], "next_cursor": None,
    }  # fmt: skip


@pytest.mark.attack(34)
def test_charlie_and_narrow_keys_get_nothing(programs: Programs, alice: dict[str, str]) -> None:
    made = programs.client.post("/api/v1/inquiries", json=NEW, headers=alice).json
    assert made is not None
    charlie = key_of(programs, "charlie")
    for number in (made["id"], str(uuid.uuid4())):
        path = f"/api/v1/inquiries/{number}"
        assert programs.client.get(path, headers=charlie).status_code == 404
        assert programs.client.post(f"{path}/close", headers=charlie).status_code == 404
        assert programs.client.post(f"{path}/answer", headers=charlie).status_code == 404
    found = programs.client.post(
        "/api/v1/inquiries/search", json={"email": NEW["email"]}, headers=charlie
    )
    assert found.json == {"inquiries": [], "next_cursor": None}
    narrow = programs.key(programs.house.alice, scopes=[Permission.INQUIRIES_READ])
    assert programs.client.post("/api/v1/inquiries", json=NEW, headers=narrow).status_code == 403
    assert programs.client.get("/api/v1/inquiries", headers=narrow).status_code == 200
