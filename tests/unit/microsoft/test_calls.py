"""Graph's documents, as documented, to calls."""

from datetime import UTC, datetime
from typing import Any

import pytest

from connector.calls.shapes import IncomingCall
from connector.providers.microsoft.call_records import (
    has_telephone,
    map_record,
    received_record,
)
from connector.providers.microsoft.documents import unpack
from connector.providers.microsoft.pstn_calls import map_row, received_row

USER = "821809f5-0000-0000-0000-3b5136c0e777"
PHONE = "+12025550123"


def user(key: str = USER, name: str = "Abbie Wilkins") -> dict[str, Any]:
    return {"id": key, "identity": {"user": {"id": key, "displayName": name, "tenantId": "t"}}}


def phone(number: str = PHONE, name: str | None = None) -> dict[str, Any]:
    said = {"id": number, "displayName": name, "tenantId": None}
    return {"id": number, "identity": {"user": None, "acsUser": None, "phone": said}}


def record(caller: Any, *others: Any, **more: Any) -> dict[str, Any]:
    return {
        "id": "3cf3bbc8-b21d-4f2e-bfd0-b13603ae6c65",
        "version": 2,
        "type": "peerToPeer",
        "startDateTime": "2023-09-25T09:28:38.2169889Z",
        "endDateTime": "2023-09-25T09:28:41Z",
        "joinWebUrl": "https://teams.example.com/",
        "organizer": {"user": {"id": "of old", "displayName": "Of Old"}},
        "participants": [{"user": {"id": "of old"}}],
        "organizer_v2": caller,
        "participants_v2": [caller, *others],
    } | more


def call(raw: dict[str, Any]) -> IncomingCall:
    made = received_record(raw)
    assert made is not None
    assert isinstance(made.record, IncomingCall)
    assert map_record(unpack(made.document)) == made
    assert b"of old" not in made.document
    assert b"teams" not in made.document
    return made.record


@pytest.mark.promise("A8")
def test_a_telephone_calls_somebody() -> None:
    made = call(record(phone(name="Pizza"), user()))
    assert (made.direction, made.caller, made.called) == ("inbound", PHONE, None)
    assert (made.user_id, made.contact_person) == (USER, "Pizza")
    assert made.started_at == datetime(2023, 9, 25, 9, 28, 38, 216988, tzinfo=UTC)
    assert made.version == 2


def test_somebody_calls_a_telephone() -> None:
    made = call(record(user(), phone()))
    assert (made.direction, made.caller, made.called) == ("outbound", None, PHONE)
    assert made.user_id == USER
    assert made.contact_person is None


def test_two_of_one_house() -> None:
    made = call(record(user(), user("other", "Other")))
    assert (made.direction, made.caller, made.called) == ("internal", None, None)
    assert (made.user_id, made.contact_person) == (USER, None)


def test_a_guest_is_outside() -> None:
    guest = {"id": "g", "identity": {"guest": {"id": "g", "displayName": "Guest"}}}
    made = call(record(user(), guest))
    assert (made.direction, made.contact_person) == ("outbound", "Guest")


def test_of_many_the_one_that_says_most() -> None:
    made = call(record(user(), user("b"), phone(), phone("+12025550124")))
    assert made.called == PHONE


@pytest.mark.parametrize(
    ("more", "version"),
    [
        ({"version": "7"}, 7),
        ({"version": 0}, 1),
        ({"version": None}, 1),
        ({"version": 2**63}, 2**31 - 1),
    ],
)
def test_versions_of_any_size(more: dict[str, Any], version: int) -> None:
    assert call(record(user(), phone(), **more)).version == version


def test_an_end_before_the_start_is_the_start() -> None:
    made = call(record(user(), phone(), endDateTime="2023-09-25T09:28:38Z"))
    assert made.ended_at == made.started_at


@pytest.mark.parametrize(
    "raw",
    [{}, {"id": "x"}, {"startDateTime": "2023-09-25T09:28:38Z"}, {"id": "x", "startDateTime": "?"}],
)
def test_what_is_no_call(raw: dict[str, Any]) -> None:
    assert received_record(raw) is None
    assert received_row(raw) is None


def test_nothing_is_asked_of_nonsense() -> None:
    made = call(record([1], *[None, 7, {"identity": "x"}]))
    assert made.direction == "inbound"
    assert not has_telephone({"organizer_v2": 5, "participants_v2": {"a": 1}})
    assert has_telephone(record(user(), phone()))


ROW: dict[str, Any] = {
    "id": "9c4984c7-6c3c-427d-a30c-bd0b2eacee90",
    "callId": "1835317186_112562680@192.0.2.1",
    "userId": USER,
    "userPrincipalName": "abbie@example.com",
    "userDisplayName": "Abbie Wilkins",
    "startDateTime": "2019-11-01T00:00:08.2589935Z",
    "endDateTime": "2019-11-01T00:03:47.2589935Z",
    "duration": 210,
    "charge": 0.00,
    "callType": "user_in",
    "calleeNumber": "+442079460001",
    "callerNumber": PHONE,
}


@pytest.mark.promise("A8")
def test_a_row_of_the_log_of_telephone_calls() -> None:
    made = received_row(ROW)
    assert made is not None
    assert made.external_id == ROW["id"]
    assert made.record == IncomingCall(
        direction="inbound",
        started_at=datetime(2019, 11, 1, 0, 0, 8, 258993, tzinfo=UTC),
        answered_at=datetime(2019, 11, 1, 0, 0, 17, 258993, tzinfo=UTC),
        ended_at=datetime(2019, 11, 1, 0, 3, 47, 258993, tzinfo=UTC),
        source_id=f"pstn:{ROW['id']}",
        caller=PHONE,
        called="+442079460001",
        user_id=USER,
    )
    assert b"abbie" not in made.document
    assert map_row(unpack(made.document)) == made


@pytest.mark.parametrize(
    ("kind", "direction"),
    [
        ("user_in", "inbound"),
        ("user_out", "outbound"),
        ("user_out_transfer", "outbound"),
        ("conf_in", "inbound"),
        ("ucap_out", "outbound"),
        ("ByotIn", "inbound"),
        ("ByotOutUserForwarding", "outbound"),
        ("ByotInUcap", "inbound"),
        ("", "outbound"),
        ("independent", "outbound"),
    ],
)
def test_directions(kind: str, direction: str) -> None:
    made = received_row(ROW | {"callType": kind})
    assert made is not None
    assert isinstance(made.record, IncomingCall)
    assert made.record.direction == direction


@pytest.mark.parametrize(
    ("duration", "answered"), [(0, None), ("0", None), (None, None), (999_999, 8)]
)
def test_calls_that_nobody_answered(duration: Any, answered: int | None) -> None:
    made = received_row(ROW | {"duration": duration})
    assert made is not None
    assert isinstance(made.record, IncomingCall)
    found = made.record.answered_at
    assert (found.second if found else None) == answered
