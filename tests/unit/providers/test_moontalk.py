"""Moontalk's documents under many names."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from connector.calls.rejections import Rejection
from connector.calls.shapes import IncomingCall
from connector.providers.base import Delivery, MappingError, RawCall
from connector.providers.moontalk.mapping import Moontalk
from connector.providers.moontalk.settings import MoontalkSettings
from connector.providers.settings import read_settings
from privacy.core.errors import Invalid

EXPECTED = IncomingCall(
    direction="inbound",
    started_at=datetime(2026, 3, 29, 10, tzinfo=UTC),
    source_id="m-1",
    caller="+442079460018",
    called="+46313900600",
    user_id="17",
    contact_person="Alice Example",
    company="Example Oy",
    answered_at=datetime(2026, 3, 29, 10, 0, 5, tzinfo=UTC),
    ended_at=datetime(2026, 3, 29, 10, 1, tzinfo=UTC),
)
FLAT = {
    "call_id": "m-1",
    "caller_number": "+442079460018",
    "called_number": "+46313900600",
    "moontalk_user_id": 17,
    "contact_person": "Alice Example",
    "company": "Example Oy",
    "start_time": "2026-03-29T13:00:00+03:00",
    "answer_time": "2026-03-29T10:00:05Z",
    "end_time": 1774778460,
    "direction": "incoming",
    "recording_url": "https://example.com/canary",
}
CAMEL = {
    "callId": "m-1",
    "from": {"number": "+442079460018"},
    "to": {"number": "+46313900600"},
    "user": {"id": 17, "email": "canary@example.com"},
    "contact": {"name": "Alice Example", "company": "Example Oy"},
    "startedAt": 1774778400000,
    "answeredAt": "2026-03-29 10:00:05",
    "duration": 60,
    "callType": "IN",
}


def read(document: Any, **settings: Any) -> list[Any]:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    options, mapping = MoontalkSettings(**settings), Moontalk()
    split = mapping.split(Delivery(body=body), options)
    return [mapping.map(one, options) if isinstance(one, RawCall) else one for one in split]


@pytest.mark.parametrize("call", [FLAT, CAMEL])
def test_usual_names(call: dict[str, Any]) -> None:
    assert read(call) == [EXPECTED]


@pytest.mark.parametrize(
    "wrap",
    [
        lambda call: [call],
        lambda call: {"calls": [call]},
        lambda call: {"event": "call.ended", "data": call},
        lambda call: {"payload": {"call": call}},
        lambda call: json.dumps(call).encode() + b"\n",
    ],
)
def test_envelopes(wrap: Any) -> None:
    assert read(wrap(FLAT)) == [EXPECTED]


def test_json_lines() -> None:
    body = b"\n".join(json.dumps(one).encode() for one in (FLAT, CAMEL))
    assert read(body) == [EXPECTED, EXPECTED]


def test_paths_of_ones_own_come_first() -> None:
    call = FLAT | {"info": {"Who-Rang": "+12025550100"}}
    (found,) = read(call, paths={"caller": ("info.who_rang",)})
    assert found.caller == "+12025550100"
    with pytest.raises(Invalid):
        read_settings(MoontalkSettings, {"paths": {"password": ["x"]}})


@pytest.mark.promise("A12")
def test_what_is_not_declared_is_stripped() -> None:
    for call in (FLAT, CAMEL):
        (raw,) = Moontalk().split(Delivery(body=json.dumps(call).encode()), MoontalkSettings())
        assert isinstance(raw, RawCall)
        assert b"canary" not in raw.document()


def test_bad_calls_are_rejected_alone() -> None:
    found = read([FLAT, 7, {"caller": "x"}])
    assert [type(one) for one in found] == [IncomingCall, Rejection, Rejection]
    assert found[2].code == "missing_start"


@pytest.mark.attack(55)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b"[" * 90_000,
        b"[1" + b",1" * 10_000 + b"]",
        b'{"a":' * 40 + b"1" + b"}" * 40,
    ],
)
def test_garbage_is_refused(body: bytes) -> None:
    with pytest.raises(MappingError):
        read(body)
