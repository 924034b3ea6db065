"""Whatever arrives, a mapping answers in its own words, and twice the same."""

import json
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.calls.checks import check_times
from connector.calls.rejections import Rejection
from connector.calls.shapes import IncomingCall, encode_record
from connector.providers.base import CallMapping, Delivery, MappingError, RawCall, Skipped
from connector.providers.registry import MAPPINGS
from tests.unit.providers.merging import merge_all

NOW = datetime(2026, 3, 29, 12, tzinfo=UTC)
NAMES = st.sampled_from(sorted(MAPPINGS))
LIKELY = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            *(
                "INVITE",
                "BYE",
                "200",
                "486",
                "completed",
                "in-progress",
                "inbound",
                "+442079460018",
            ),
            *("sip:a@b", "client:x", "1774778400", "1774778400000000", "2026-03-29 10:00:00"),
            *("Sun, 29 Mar 2026 10:00:00 +0000", "2026-10-25 03:30:00", "0", "-1", "9" * 25),
            *("%2B44", "%", "9999-12-31 23:59:59", "0001-01-01T00:00:00+14:00", "\ud800", "\0"),
        ]
    ),
)
TREES = st.recursive(
    st.one_of(LIKELY, st.none(), st.booleans(), st.integers(), st.floats()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(LIKELY, inner, max_size=4)
    ),
    max_leaves=12,
)


def read_all(mapping: CallMapping[Any], body: bytes, content_type: str = "") -> list[Any]:
    """What a caller does: split, map, check; only MappingError may come out."""
    settings = mapping.settings_type()
    delivery = Delivery(body=body, content_type=content_type, query={"uuid": "a_u"})
    try:
        split = list(mapping.split(delivery, settings))
    except MappingError as error:
        return [error.rejection()]
    return [one if isinstance(one, Rejection) else map_one(mapping, one) for one in split]


def map_one(mapping: CallMapping[Any], raw: RawCall) -> Any:
    settings = mapping.settings_type()
    mapped = mapping.map(raw, settings)
    again = mapping.map(RawCall.from_document(raw.document(), index=raw.index), settings)
    assert mapped == again
    assert set(raw.fields) <= mapping.declared_fields(settings)
    if isinstance(mapped, IncomingCall) and check_times(mapped, now=NOW) is None:
        encode_record(mapped.normalise("FI"))
    assert isinstance(mapped, IncomingCall | Rejection | Skipped)
    return mapped


@pytest.mark.attack(55)
@given(NAMES, st.binary(max_size=400))
def test_any_bytes(name: str, body: bytes) -> None:
    read_all(MAPPINGS[name], body)


@pytest.mark.attack(55)
@given(NAMES, TREES)
def test_any_json(name: str, tree: Any) -> None:
    body = json.dumps(tree).encode()
    read_all(MAPPINGS[name], body)
    read_all(MAPPINGS[name], b"cdr=" + quote(body).encode())


@pytest.mark.attack(48)
@given(st.text(alphabet="<>/cdrvariables&;!?x=\"' []-", max_size=200))
def test_any_markup(text: str) -> None:
    read_all(MAPPINGS["freeswitch"], f"<cdr>{text}".encode())


@pytest.mark.attack(55)
@given(NAMES, st.data())
def test_any_values_in_declared_fields(name: str, data: st.DataObject) -> None:
    """A raw call can be older than the mapping that reads it again, and hold anything."""
    mapping = MAPPINGS[name]
    declared = sorted(mapping.declared_fields(mapping.settings_type()))
    fields = data.draw(st.dictionaries(st.sampled_from(declared), LIKELY))
    mapped = mapping.map(RawCall(0, fields), mapping.settings_type())
    assert isinstance(mapped, IncomingCall | Rejection | Skipped)


def nest(fields: dict[str, str]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path, value in fields.items():
        *parents, last = path.split(".")
        node = tree
        for parent in parents:
            inner = node.get(parent)
            node[parent] = node = inner if isinstance(inner, dict) else {}
        node[last] = value
    return tree


def body_of(name: str, fields: dict[str, str]) -> bytes:
    if name == "twilio":
        return urlencode(
            {key: value.encode("utf-8", "replace") for key, value in fields.items()}
        ).encode()
    if name in {"asterisk", "threecx"}:
        return ",".join(fields.values()).encode("utf-8", "replace")
    tree = nest(fields)
    if name == "freeswitch":
        flow = {"caller_profile": tree.pop("profile", 0), "times": tree.pop("times", 0)}
        tree = {"variables": {}} | tree | {"callflow": [flow]}
    return json.dumps(tree).encode()


@pytest.mark.attack(55)
@given(NAMES, st.data())
def test_any_values_in_the_exchanges_own_form(name: str, data: st.DataObject) -> None:
    mapping = MAPPINGS[name]
    declared = sorted(mapping.declared_fields(mapping.settings_type()))
    values = st.lists(LIKELY, min_size=len(declared), max_size=len(declared))
    chosen = dict(zip(declared, data.draw(values), strict=True))
    read_all(mapping, body_of(name, chosen))


@pytest.mark.attack(52)
@pytest.mark.parametrize("name", sorted(MAPPINGS))
@pytest.mark.parametrize(
    "body", ["canary-4711", '{"canary-4711": "canary-4711"}', "<canary-4711>", "cdr=canary-4711"]
)
def test_refusals_repeat_nothing(name: str, body: str) -> None:
    assert "canary" not in repr(read_all(MAPPINGS[name], body.encode()))


MOMENTS = st.integers(0, 100).map(lambda seconds: NOW + timedelta(seconds=seconds))


def version(
    known: bool, started_at: datetime, answered_at: datetime | None, ended_at: datetime | None
) -> IncomingCall:
    """Versions of a call know its parties, all the same ones, or do not know them."""
    return IncomingCall(
        direction="outbound" if known else "inbound",
        started_at=started_at,
        source_id="one",
        caller="4100" if known else None,
        answered_at=answered_at,
        ended_at=ended_at,
    )


VERSIONS = st.builds(version, st.booleans(), MOMENTS, st.none() | MOMENTS, st.none() | MOMENTS)


@given(st.lists(VERSIONS, min_size=1, max_size=4))
def test_merging_does_not_depend_on_the_order(calls: list[IncomingCall]) -> None:
    for number, call in enumerate(calls, start=1):
        call.version = number
    merged = [merge_all(order) for order in permutations(calls)]
    assert all(one == merged[0] for one in merged)
    assert len(merged[0]) == 1
    assert merge_all([*calls, *calls]) == merged[0]
