"""FreeSWITCH's reports in all their encodings are the same call."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

import pytest

from connector.calls.shapes import IncomingCall
from connector.providers.base import Delivery, MappingError, RawCall, Skipped
from connector.providers.freeswitch.mapping import FreeSwitch
from connector.providers.freeswitch.settings import FreeSwitchSettings

UUID = "0d5bb7b4-2c5c-4b27-8f2e-2f4c2ad1d1a1"
START, ANSWER, END = 1774778400123456, 1774778405000000, 1774778460654321
VARIABLES = {
    "uuid": UUID,
    "direction": "inbound",
    "start_epoch": str(START // 10**6),
    "start_uepoch": str(START),
    "answer_uepoch": str(ANSWER),
    "end_uepoch": str(END),
    "caller_id_number": quote("+442079460018"),
    "dialed_user": "4100",
    "sip_user_agent": quote("Example Phone/1.0 (canary)"),
    "sip_network_ip": "192.0.2.7",
    "billsec": "55",
}
CALLFLOW = [
    {
        "dialplan": "XML",
        "caller_profile": {"destination_number": "4200", "caller_id_number": "+442079460018"},
        "times": {"profile_created_time": "1774778430000000", "created_time": str(START)},
    },
    {
        "dialplan": "XML",
        "caller_profile": {
            "caller_id_name": "Älice + Example & Sons",
            "caller_id_number": "+442079460018",
            "destination_number": "4100",
            "uuid": UUID,
            "source": "mod_sofia",
        },
        "times": {
            "profile_created_time": str(START),
            "created_time": str(START),
            "answered_time": str(ANSWER),
            "hangup_time": str(END),
        },
    },
]
DOCUMENT: dict[str, Any] = {
    "core-uuid": "core-1",
    "channel_data": {"state": "CS_REPORTING", "direction": "inbound"},
    "variables": VARIABLES,
    "callflow": CALLFLOW,
}
EXPECTED = IncomingCall(
    direction="inbound",
    started_at=datetime(2026, 3, 29, 10, 0, 0, 123456, tzinfo=UTC),
    source_id=UUID,
    caller="+442079460018",
    called="4100",
    user_id="4100",
    contact_person="Älice + Example & Sons",
    answered_at=datetime(2026, 3, 29, 10, 0, 5, tzinfo=UTC),
    ended_at=datetime(2026, 3, 29, 10, 1, 0, 654321, tzinfo=UTC),
)


def element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(element(name, one) for one in value)
    inner = (
        "".join(element(key, one) for key, one in value.items())
        if isinstance(value, Mapping)
        else escape(value)
    )
    return f"<{name}>{inner}</{name}>"


JSON = json.dumps(DOCUMENT, ensure_ascii=False).encode()
NAN = JSON[:-1] + b', "callStats": {"audio": {"mos": nan, "r": -nan, "x": inf}}, "s": "a: nan,"}'
XML = ('<?xml version="1.0"?>\n' + element("cdr", DOCUMENT)).encode()
FORM = "application/x-www-form-urlencoded"
BASE64 = "application/x-www-form-base64-encoded"


def form(document: bytes) -> bytes:
    return b"cdr=" + quote(document).encode()


def plus(document: bytes) -> bytes:
    return b"cdr=" + quote(document, safe=" ").replace(" ", "+").encode()


def coded(document: bytes) -> bytes:
    return b"cdr=" + base64.b64encode(document)


ENCODINGS = {
    "json": (JSON, "application/json"),
    "json with BOM": (b"\xef\xbb\xbf" + JSON, "application/json; charset=utf-8"),
    "json labelled as a form": (JSON, FORM),
    "json with nan": (NAN, "application/json"),
    "json in a form": (form(JSON), FORM),
    "json in a form with plus": (plus(JSON), FORM),
    "json in a form, as it is": (b"cdr=" + JSON, FORM),
    "json in base64": (coded(JSON), BASE64),
    "json in base64, escaped": (b"cdr=" + quote(base64.b64encode(JSON), safe="").encode(), BASE64),
    "json in base64, with lines": (b"cdr=" + base64.encodebytes(JSON), BASE64),
    "json in base64, no padding": (coded(JSON).rstrip(b"="), BASE64),
    "json, the value alone": (quote(JSON, safe="").encode() + b"\n", FORM),
    "json in base64, the value alone": (base64.b64encode(JSON) + b"\n", FORM),
    "xml, the value alone": (quote(XML, safe="").encode(), FORM),
    "json in base64, a field before": (b"uuid=x&" + coded(JSON) + b"&z=1", FORM),
    "xml": (XML, "text/xml"),
    "xml in a form": (form(XML), FORM),
    "xml in base64": (coded(XML), BASE64),
    "xml in a form, as it is": (b"cdr=" + XML, FORM),
}


def read(
    body: bytes, content_type: str = "", *, legs: Any = "a", **query: str
) -> list[tuple[RawCall, Any]]:
    mapping, settings = FreeSwitch(), FreeSwitchSettings(legs=legs)
    raws = list(
        mapping.split(Delivery(body=body, content_type=content_type, query=query), settings)
    )
    return [(raw, mapping.map(raw, settings)) for raw in raws if isinstance(raw, RawCall)]


def call_of(document: dict[str, Any], **query: str) -> Any:
    ((_, call),) = read(json.dumps(document).encode(), **query)
    return call


def changed(**variables: str) -> dict[str, Any]:
    return DOCUMENT | {"variables": VARIABLES | variables}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_is_the_same_call(encoding: str) -> None:
    body, content_type = ENCODINGS[encoding]
    ((raw, call),) = read(body, content_type, uuid=UUID)
    assert call == EXPECTED
    assert FreeSwitch().map(RawCall.from_document(raw.document()), FreeSwitchSettings()) == EXPECTED


@pytest.mark.promise("A12")
@pytest.mark.parametrize("body", [JSON, XML])
def test_what_is_not_declared_is_stripped(body: bytes) -> None:
    ((raw, _),) = read(body)
    assert b"canary" not in raw.document()
    assert b"192.0.2.7" not in raw.document()
    assert set(raw.fields) <= FreeSwitch().declared_fields(FreeSwitchSettings())


@pytest.mark.parametrize("variable", ["originating_leg_uuid", "originator"])
def test_a_b_leg_is_skipped_unless_asked_for(variable: str) -> None:
    b_leg = changed(**{variable: "other", "uuid": "b-uuid"})
    assert isinstance(call_of(b_leg), Skipped)
    assert isinstance(call_of(b_leg, uuid="b-uuid"), Skipped)
    assert isinstance(call_of(b_leg, uuid=f"a_{UUID}"), IncomingCall)
    ((_, both),) = read(json.dumps(b_leg).encode(), legs="both")
    assert both.source_id == "b-uuid"


def test_the_uuid_of_the_query_stands_in_without_its_prefix() -> None:
    variables = {name: value for name, value in VARIABLES.items() if name != "uuid"}
    document = {"variables": variables}
    assert call_of(document, uuid="a_q-uuid").source_id == "q-uuid"


def test_zero_is_never() -> None:
    times = {"answer_uepoch": "0", "answer_epoch": "0"}
    missed = changed(**times) | {"callflow": CALLFLOW[:1]}
    assert call_of(missed).answered_at is None


def test_seconds_where_there_are_no_microseconds() -> None:
    document = {"variables": {"uuid": UUID, "start_epoch": "1774778400", "end_epoch": "1774778460"}}
    call = call_of(document)
    assert call.started_at == datetime(2026, 3, 29, 10, tzinfo=UTC)
    assert call.ended_at == datetime(2026, 3, 29, 10, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "way"), [("outbound", "outbound"), ("local", "internal"), ("nonsense", "inbound")]
)
def test_the_dial_plans_direction_counts(said: str, way: str) -> None:
    assert call_of(changed(call_direction=said)).direction == way


def test_no_start_is_a_rejection() -> None:
    assert call_of({"variables": {"uuid": UUID}}).code == "missing_start"


def test_several_documents_are_several_calls() -> None:
    other = changed(uuid="second")
    both = read(json.dumps([DOCUMENT, other]).encode(), uuid=UUID)
    assert [call.source_id for _, call in both] == [UUID, "second"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "wrong_shape"),
        (b"hello", "wrong_shape"),
        (b"cdr=", "unreadable"),
        (b"cdr=***", "unreadable"),
        (b"{", "invalid_json"),
        (b"[1]", "wrong_shape"),
        (b"{}", "wrong_shape"),
        (b'{"variables":[]}', "wrong_shape"),
        (b"<cdr>", "unreadable"),
        (b"<x/>", "wrong_shape"),
        (b"<cdr/>", "wrong_shape"),
        (b"[" * 200_000, "forbidden_markup"),
        (b'{"a":' * 100_000, "forbidden_markup"),
        (b'{"variables":' + b'{"a":' * 40 + b"1" + b"}" * 41, "forbidden_markup"),
        (b'{"a":"' + b"x" * 1_100_000 + b'"}', "unreadable"),
        (b'{"a":"' + b'\\"' * 400_000, "invalid_json"),
    ],
)
@pytest.mark.attack(55)
def test_what_cannot_be_read_says_so(body: bytes, code: str) -> None:
    with pytest.raises(MappingError) as caught:
        read(body)
    assert caught.value.rejection_code == code
