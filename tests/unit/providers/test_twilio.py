"""Twilio's callbacks: events become versions of one call, and only signed ones count."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from connector.calls.rejections import Rejection
from connector.calls.shapes import IncomingCall
from connector.providers.base import Delivery, RawCall, Skipped
from connector.providers.twilio.mapping import Twilio
from connector.providers.twilio.settings import TwilioSettings
from connector.providers.twilio.signatures import sign, verify_signature
from tests.unit.providers.merging import merge_all

SID = "CA00000000000000000000000000000001"
BASE = {
    "CallSid": SID,
    "AccountSid": "AC0",
    "From": "+12025550100",
    "To": "+442079460018",
    "Direction": "inbound",
    "ApiVersion": "2010-04-01",
}


def event(status: str, minute: str, **more: str) -> dict[str, str]:
    timestamp = f"Sun, 29 Mar 2026 {minute} +0000"
    return BASE | {"CallStatus": status, "Timestamp": timestamp} | more


EVENTS = [
    event("initiated", "10:00:00", SequenceNumber="0"),
    event("ringing", "10:00:01", SequenceNumber="1"),
    event("in-progress", "10:00:05", SequenceNumber="2"),
    event("completed", "10:01:05", SequenceNumber="3", CallDuration="60", CallerName="ALICE E"),
]


def read(fields: dict[str, str], settings: TwilioSettings | None = None, **more: Any) -> Any:
    mapping, settings = Twilio(), settings or TwilioSettings()
    delivery = Delivery(body=urlencode(fields).encode(), **more)
    (raw,) = mapping.split(delivery, settings)
    assert isinstance(raw, RawCall)
    return mapping.map(raw, settings)


def at(minute: int, second: int) -> datetime:
    return datetime(2026, 3, 29, 10, minute, second, tzinfo=UTC)


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1), (3, 0, 0, 3, 2, 1)])
def test_events_in_any_order_are_one_call(order: tuple[int, ...]) -> None:
    (call,) = merge_all(read(EVENTS[number]) for number in order)
    assert call == IncomingCall(
        direction="inbound",
        started_at=at(0, 0),
        source_id=SID,
        version=4,
        caller="+12025550100",
        called="+442079460018",
        contact_person="ALICE E",
        answered_at=at(0, 5),
        ended_at=at(1, 5),
    )


def test_the_last_event_alone_tells_the_start() -> None:
    call = read(EVENTS[3])
    assert (call.started_at, call.ended_at) == (at(0, 5), at(1, 5))


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled"])
def test_calls_that_were_not_answered(status: str) -> None:
    call = read(event(status, "10:00:20", CallDuration="0"))
    assert (call.answered_at, call.ended_at, call.version) == (None, at(0, 20), 4)


@pytest.mark.parametrize(
    ("sender", "to", "said", "way", "user"),
    [
        ("client:alice", "+442079460018", "inbound", "inbound", None),
        ("client:alice", "client:bob", "inbound", "internal", "alice"),
        ("+12025550100", "sip:bob@example.sip.example.com", "inbound", "inbound", "bob"),
        ("+12025550100", "+442079460018", "outbound-api", "outbound", None),
        ("client:alice", "+442079460018", "outbound-dial", "outbound", "alice"),
        ("", "", "", "inbound", None),
    ],
)
def test_parties(sender: str, to: str, said: str, way: str, user: str | None) -> None:
    call = read(event("ringing", "10:00:00", From=sender, To=to, Direction=said))
    assert (call.direction, call.user_id) == (way, user)


def test_anonymous_has_a_label() -> None:
    for number, label in (("+266696687", "anonymous"), ("+7378742833", "restricted")):
        assert read(event("ringing", "10:00:00", From=number)).caller == label


def test_a_child_call_is_the_other_leg() -> None:
    child = event("completed", "10:00:00", ParentCallSid="CA2")
    assert isinstance(read(child), Skipped)
    assert isinstance(read(child, TwilioSettings(legs="both")), IncomingCall)


def test_time_of_arrival_stands_in() -> None:
    call = read(BASE | {"CallStatus": "ringing"}, received_at=at(3, 4))
    assert call.started_at == at(3, 4)
    assert read(BASE | {"CallStatus": "ringing"}).code == "missing_start"


def test_other_forms_are_rejected() -> None:
    assert isinstance(read({"MessageSid": "SM1"}), Rejection)


URL = "https://silta.example.com/in/abc?x=1"
TOKEN = "twilio-auth-token"


def signed(url: str, seen_as: str = "") -> Delivery:
    fields = EVENTS[3]
    signature = sign(url, list(fields.items()), TOKEN).decode()
    return Delivery(body=urlencode(fields).encode(), signature=signature, url=seen_as or url)


def test_known_answer() -> None:
    """The example of Twilio's security documentation."""
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert sign(url, list(fields.items()), "12345") == b"RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_a_repeated_value_counts_once() -> None:
    fields = [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234")]
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert sign(url, [*fields, fields[-1]], "12345") == b"IK+Dwps556ElfBT0I3Rgjkr1wJU="


@pytest.mark.parametrize(
    ("signed_as", "seen_as"),
    [
        (URL, URL),
        (URL.replace(".com/", ".com:443/"), URL),
        (URL, URL.replace(".com/", ".com:443/")),
        (URL, URL.replace(".com/", ".com:8443/")),
        ("https://u:p@silta.example.com/in", "https://u:p@silta.example.com:443/in"),
    ],
)
def test_with_and_without_port(signed_as: str, seen_as: str) -> None:
    assert verify_signature(signed(signed_as, seen_as), TOKEN)


@pytest.mark.attack(56)
@pytest.mark.parametrize(
    "change",
    [
        {"url": URL + "&y=2"},
        {"url": URL.replace("https", "http")},
        {"url": "https://[broken"},
        {"url": "https://silta.example.com:port/"},
        {"url": ""},
        {"body": b"CallSid=other"},
        {"body": b"&".join([b"a=1"] * 300)},
        {"signature": ""},
        {"signature": "ä"},
        {"signature": "AAAA"},
    ],
)
def test_anything_changed_is_refused(change: dict[str, Any]) -> None:
    good: dict[str, Any] = {"url": URL, "body": urlencode(EVENTS[3]).encode()}
    good["signature"] = sign(URL, list(EVENTS[3].items()), TOKEN).decode()
    assert verify_signature(Delivery(**good), TOKEN)
    assert not verify_signature(Delivery(**(good | change)), TOKEN)
    assert not verify_signature(Delivery(**good), "other")
    assert not verify_signature(signed(URL), "")
