"""What simulated exchanges send is what our mappings read: the same calls in every form."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest

from connector.calls.shapes import CallRecord, IncomingCall
from connector.providers.base import Delivery, MappingError, RawCall
from connector.providers.registry import MAPPINGS
from connector.providers.twilio.signatures import verify_signature
from connector.simulators.exchanges.calls import MadeCall, make_call
from connector.simulators.exchanges.exchange import Exchange, FaultName, Kind
from connector.simulators.exchanges.freeswitch import Encoding
from connector.simulators.exchanges.posts import Post
from tests.unit.providers.merging import merge_all

NOW = datetime(2026, 3, 29, 10, tzinfo=UTC)
URL = "https://silta.example.com/in/0123456789abcdef"
TOKEN = "token-of-a-test"
CALLS = [make_call(7, number, ended=NOW + timedelta(minutes=number)) for number in range(7)]


def exchange(kind: Kind, **said: Any) -> Exchange:
    return Exchange(kind, URL, token=TOKEN, **said)


def delivery_of(post: Post) -> Delivery:
    return Delivery(
        body=post.body,
        content_type=post.content_type,
        query=dict(parse_qsl(post.query.removeprefix("?"))),
        url=URL,
        signature=post.headers.get("X-Twilio-Signature", ""),
        received_at=NOW,
    )


def read(kind: Kind, posts: list[Post]) -> list[CallRecord]:
    """Calls as they would be stored, joined by their ids."""
    mapping = MAPPINGS[kind.value]
    settings = mapping.settings_type(region="US", time_zone="Europe/Helsinki")
    found: dict[str, list[IncomingCall]] = {}
    for post in posts:
        for raw in mapping.split(delivery_of(post), settings):
            assert isinstance(raw, RawCall), raw
            mapped = mapping.map(raw, settings)
            if isinstance(mapped, IncomingCall):
                found.setdefault(mapped.source_id or "", []).append(mapped)
    return [merge_all(calls)[0].normalise("US") for calls in found.values()]


def _same(record: CallRecord, call: MadeCall, kind: Kind) -> None:
    started = call.started
    if kind is Kind.KAMAILIO:
        started = call.answered or call.started
    assert record.started_at == started
    assert record.answered_at == call.answered
    if not (kind is Kind.KAMAILIO and call.answered is None):
        assert record.ended_at == call.ended
    outside = record.caller if call.inbound else record.called
    assert outside == (call.caller if call.inbound else call.called)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("call", CALLS, ids=lambda call: str(call.number))
def test_every_exchange_tells_the_same_call(kind: Kind, call: MadeCall) -> None:
    [record] = read(kind, exchange(kind).posts_of(call))
    _same(record, call, kind)
    assert record.direction == ("inbound" if call.inbound else "outbound")


@pytest.mark.parametrize("encoding", list(Encoding))
@pytest.mark.parametrize("call", CALLS[:3], ids=lambda call: str(call.number))
def test_every_encoding_of_freeswitch_is_the_same(encoding: Encoding, call: MadeCall) -> None:
    posts = exchange(Kind.FREESWITCH, encodings=[encoding]).posts_of(call)
    assert len(posts) == 2
    [record] = read(Kind.FREESWITCH, posts)
    _same(record, call, Kind.FREESWITCH)
    assert record.source_id == str(call.id)
    if call.inbound:
        assert record.contact_person == call.name


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("fault", [FaultName.REPEATED, FaultName.OUT_OF_ORDER])
def test_repeats_and_disorder_tell_nothing_else(kind: Kind, fault: FaultName) -> None:
    plain = read(kind, exchange(kind).posts_of(CALLS[0]))
    faults = frozenset({fault})
    assert read(kind, exchange(kind, faults=faults).posts_of(CALLS[0])) == plain


def test_signatures_are_twilios_own() -> None:
    for fault, good in ((frozenset[FaultName](), True), ({FaultName.WRONG_SIGNATURE}, False)):
        for post in exchange(Kind.TWILIO, faults=frozenset(fault)).posts_of(CALLS[0]):
            assert verify_signature(delivery_of(post), TOKEN) is good


@pytest.mark.parametrize("fault", [FaultName.GARBAGE, FaultName.TRUNCATED])
def test_what_is_spoiled_is_refused(fault: FaultName) -> None:
    faults = frozenset({fault})
    for call in CALLS:
        for post in exchange(Kind.FREESWITCH, faults=faults).posts_of(call):
            mapping = MAPPINGS["freeswitch"]
            with pytest.raises(MappingError):
                list(mapping.split(delivery_of(post), mapping.settings_type()))


def test_files_grow() -> None:
    made = exchange(Kind.ASTERISK)
    posts = [made.posts_of(call)[0] for call in CALLS]
    assert [len(post.body.splitlines()) for post in posts] == list(range(1, 8))
    assert len(read(Kind.ASTERISK, posts[-1:])) == len(CALLS)
