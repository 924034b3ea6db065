"""3CX's lines, in the order of fields that the account says."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest

from connector.calls.rejections import Rejection
from connector.calls.shapes import IncomingCall
from connector.providers.base import Delivery, RawCall
from connector.providers.settings import read_settings
from connector.providers.threecx.mapping import ThreeCx
from connector.providers.threecx.settings import ThreeCxSettings
from privacy.core.errors import Invalid

LINE = (
    "Call 00000167A_1,77,00:00:55,2026/03/29 10:00:00,2026/03/29 10:00:05,2026/03/29 10:01:00,"
    "TerminatedBySrc,02079460018,Ext.4100,10000,4100,,,,,,,,,Chain: Ext.4100;\r\n"
)
EXPECTED = IncomingCall(
    direction="inbound",
    started_at=datetime(2026, 3, 29, 10, tzinfo=UTC),
    source_id="00000167A_1/77",
    caller="02079460018",
    called="4100",
    user_id="4100",
    answered_at=datetime(2026, 3, 29, 10, 0, 5, tzinfo=UTC),
    ended_at=datetime(2026, 3, 29, 10, 1, tzinfo=UTC),
)


def read(text: str, **settings: Any) -> list[Any]:
    options = ThreeCxSettings(region="GB", **settings)
    mapping = ThreeCx()
    split = mapping.split(Delivery(body=text.encode()), options)
    return [mapping.map(one, options) if isinstance(one, RawCall) else one for one in split]


def test_the_default_order() -> None:
    assert read(LINE) == [EXPECTED]


def test_another_order_and_delimiter() -> None:
    fields = ("callid", "time-start", "duration", "from-no", "to-no")
    line = "Call 9;2026-03-29 10:00:00;00:01:00;Ext.4100;Ext.4101"
    text = ";".join(fields) + "\n" + line
    (call,) = read(text, fields=fields, delimiter=";")
    assert call.direction == "internal"
    assert (call.source_id, call.caller, call.called) == ("9", "4100", "4101")
    assert call.ended_at == datetime(2026, 3, 29, 10, 1, tzinfo=UTC)


def test_outbound_goes_to_what_was_dialled() -> None:
    line = LINE.replace("02079460018,Ext.4100,10000,4100,", "Ext.4100,10000,4100,10000,02079460018")
    (call,) = read(line)
    assert (call.direction, call.caller, call.called) == ("outbound", "4100", "02079460018")


def test_bad_lines_are_rejected_alone() -> None:
    found = read(f"Call 1\n{LINE}Call 2,,,,,\n")
    assert [type(one) for one in found] == [Rejection, IncomingCall, Rejection]
    assert [found[0].index, found[2].index] == [0, 2]


def test_a_long_file_is_read_from_any_line() -> None:
    rows = list(ThreeCx().rows(BytesIO(LINE.encode() * 5), ThreeCxSettings()))
    assert [end for end, _ in rows] == [len(LINE) * n for n in range(1, 6)]
    rest = ThreeCx().rows(BytesIO(LINE.encode() * 5), ThreeCxSettings(), offset=rows[2][0])
    assert len(list(rest)) == 2


@pytest.mark.parametrize(
    "stored",
    [
        {"fields": ["callid"]},
        {"delimiter": '"'},
        {"delimiter": ""},
        {"region": "fi"},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../etc/passwd"},
        {"unknown": 1},
        {"extension_digits": 0},
    ],
)
def test_settings_are_checked(stored: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        read_settings(ThreeCxSettings, stored)
