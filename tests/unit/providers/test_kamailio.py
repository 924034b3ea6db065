"""Kamailio's rows, joined in whatever way they come."""

import json
from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest

from connector.calls.rejections import Rejection
from connector.calls.shapes import IncomingCall
from connector.providers.base import Delivery, MappingError, RawCall, Skipped
from connector.providers.kamailio.mapping import Kamailio
from connector.providers.kamailio.settings import KamailioSettings
from tests.unit.providers.merging import merge_all

SETTINGS = KamailioSettings(region="GB")
INVITE = {
    "method": "INVITE",
    "from_tag": "t1",
    "to_tag": "t2",
    "callid": "c-1@192.0.2.7",
    "sip_code": "200",
    "sip_reason": "OK",
    "time": 1774778405,
    "src_user": "02079460018",
    "dst_user": "4100",
    "src_ip": "192.0.2.7",
}
BYE = {
    "method": "BYE",
    "from_tag": "t2",
    "to_tag": "t1",
    "callid": "c-1@192.0.2.7",
    "sip_code": "200",
    "time": "2026-03-29 10:01:00",
    "src_user": "4100",
    "dst_user": "02079460018",
}
ACK = INVITE | {"method": "ACK"}
OTHER = INVITE | {"callid": "c-2", "sip_code": "486", "time_hires": "1774778405.25"}
EXPECTED = IncomingCall(
    direction="inbound",
    started_at=datetime(2026, 3, 29, 10, 0, 5, tzinfo=UTC),
    source_id="c-1@192.0.2.7 t1 t2",
    version=2,
    caller="02079460018",
    called="4100",
    answered_at=datetime(2026, 3, 29, 10, 0, 5, tzinfo=UTC),
    ended_at=datetime(2026, 3, 29, 10, 1, tzinfo=UTC),
)


def split(body: object) -> list[RawCall]:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    found = Kamailio().split(Delivery(body=sent), SETTINGS)
    return [one for one in found if isinstance(one, RawCall)]


def mapped(body: object) -> list[Any]:
    return [Kamailio().map(raw, SETTINGS) for raw in split(body)]


@pytest.mark.parametrize("rows", list(permutations([INVITE, ACK, BYE])))
def test_rows_of_one_delivery(rows: list[dict[str, object]]) -> None:
    assert merge_all(mapped(rows)) == [EXPECTED]
    assert merge_all(mapped({"rows": rows})) == [EXPECTED]
    assert merge_all(mapped("\n".join(map(json.dumps, rows)).encode())) == [EXPECTED]


@pytest.mark.parametrize("order", list(permutations([INVITE, BYE, INVITE])))
def test_rows_of_several_deliveries(order: list[dict[str, object]]) -> None:
    assert merge_all(one for row in order for one in mapped(row)) == [EXPECTED]


def test_calls_are_kept_apart() -> None:
    first, second = merge_all(mapped([INVITE, OTHER, BYE]))
    assert first == EXPECTED
    assert (second.answered_at, second.version) == (None, 1)
    assert second.ended_at == second.started_at
    assert second.started_at.microsecond == 250_000


def test_other_rows_are_skipped_and_incomplete_ones_rejected() -> None:
    assert isinstance(mapped(ACK)[0], Skipped)
    assert isinstance(mapped({"method": "INVITE"})[0], Rejection)
    assert mapped({"method": "BYE", "callid": "c"})[0].code == "missing_start"


@pytest.mark.promise("A12")
def test_addresses_are_stripped() -> None:
    (raw,) = split(INVITE)
    assert "src_ip" not in raw.fields


def test_garbage() -> None:
    for body in (b"", b"\xff\x00", b"[", b"{" * 9_000, b"x" * 1_100_000):
        with pytest.raises(MappingError):
            split(body)
    assert [type(one) for one in Kamailio().split(Delivery(body=b"[1, null]"), SETTINGS)] == [
        Rejection,
        Rejection,
    ]
