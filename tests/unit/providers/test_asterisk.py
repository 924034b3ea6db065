"""Rows of Master.csv: columns, quotes, zones."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest

from connector.calls.rejections import Rejection
from connector.calls.shapes import IncomingCall
from connector.providers.asterisk.mapping import Asterisk
from connector.providers.asterisk.settings import AsteriskSettings
from connector.providers.base import Delivery, MappingError, RawCall
from connector.providers.rows import MAX_ROW

HELSINKI = AsteriskSettings(region="GB", time_zone="Europe/Helsinki")
SIXTEEN = (
    '"","02079460018","4100","from-trunk","""Alice ""A"" Example"" <02079460018>",'
    '"PJSIP/trunk-0000001a","PJSIP/4100-0000001b","Dial","PJSIP/4100,20",'
    '"2026-03-28 10:00:00","2026-03-28 10:00:05","2026-03-28 10:01:00",'
    '60,55,"ANSWERED","DOCUMENTATION"'
)
UNIQUE = "1774684800.26"
EXPECTED = IncomingCall(
    direction="inbound",
    started_at=datetime(2026, 3, 28, 8, tzinfo=UTC),
    caller="02079460018",
    called="4100",
    user_id="4100",
    contact_person='Alice "A" Example',
    answered_at=datetime(2026, 3, 28, 8, 0, 5, tzinfo=UTC),
    ended_at=datetime(2026, 3, 28, 8, 1, tzinfo=UTC),
)


def read(text: str | bytes, settings: AsteriskSettings = HELSINKI) -> list[Any]:
    body = text.encode() if isinstance(text, str) else text
    mapping = Asterisk()
    split = mapping.split(Delivery(body=body), settings)
    return [mapping.map(one, settings) if isinstance(one, RawCall) else one for one in split]


@pytest.mark.parametrize(
    ("extra", "source_id"),
    [
        ("", None),
        (f',"{UNIQUE}"', f"{UNIQUE}/2026-03-28 10:00:00/PJSIP/4100-0000001b"),
        (',"a note"', None),
        (f',"{UNIQUE}","a note"', f"{UNIQUE}/2026-03-28 10:00:00/PJSIP/4100-0000001b"),
        (f',"","{UNIQUE}",7', None),
        (f',"host-{UNIQUE}","","{UNIQUE}",7', f"host-{UNIQUE}/7"),
        (f',"{UNIQUE}","a note","","{UNIQUE}",7', f"{UNIQUE}/7"),
    ],
)
def test_sixteen_to_twenty_one_columns(extra: str, source_id: str | None) -> None:
    (call,) = read(SIXTEEN + extra + "\n")
    assert call.source_id == source_id
    call.source_id = None
    assert call == EXPECTED


@pytest.mark.parametrize("row", ["a,b,c", SIXTEEN + ",1,2,3,4,5,6", '"open', '"a"b,c'])
def test_other_rows_are_rejected_alone(row: str) -> None:
    first, rejection, last = read(f"{SIXTEEN}\n{row}\n{SIXTEEN}\n")
    assert isinstance(rejection, Rejection)
    assert rejection.index == 1
    assert first == last == EXPECTED


def test_header_empty_lines_and_missing_end_of_line() -> None:
    header = "accountcode,src,dst,dcontext,clid,channel\n"
    assert read(header + "\n\r\n" + SIXTEEN) == [EXPECTED]


def test_latin_1_and_line_ends_in_quotes() -> None:
    row = SIXTEEN.replace("Alice", "Mäki").replace("PJSIP/4100,20", "x\ny").encode("latin-1")
    (call,) = read(row)
    assert call.contact_person == 'Mäki "A" Example'


# 2026-10-25: at 04:00 summer time clocks in Helsinki go back to 03:00.
FOLD = [
    ("03:30:00", "03:31:00", 60, "1792888200.1", "00:30:00", "00:31:00"),
    ("03:30:00", "03:31:00", 60, "1792891800.1", "01:30:00", "01:31:00"),
    ("03:59:30", "03:00:30", 60, "1792889970.1", "00:59:30", "01:00:30"),
    ("03:30:00", "03:31:00", 3_660, "x", "00:30:00", "01:31:00"),
    ("02:59:30", "03:00:30", 60, "x", "23:59:30", "00:00:30"),
    ("03:30:00", "04:10:00", 2_400, "x", "01:30:00", "02:10:00"),
    ("03:30:00", "04:10:00", 6_000, "x", "00:30:00", "02:10:00"),
]


@pytest.mark.attack(68)
@pytest.mark.parametrize(("start", "end", "duration", "unique", "begins", "ends"), FOLD)
def test_the_hour_that_comes_twice(
    start: str, end: str, duration: int, unique: str, begins: str, ends: str
) -> None:
    day = "2026-10-25"
    row = (
        f'"","4101","4100","x","","SIP/a-1","SIP/b-1","","","{day} {start}","{day} {end}",'
        f'"{day} {end}",{duration},0,"ANSWERED","3","{unique}"'
    )
    (call,) = read(row)
    assert f"{call.started_at:%H:%M:%S}" == begins
    assert f"{call.ended_at:%H:%M:%S}" == ends
    assert call.answered_at == call.ended_at


def test_not_answered() -> None:
    (call,) = read(SIXTEEN.replace("ANSWERED", "NO ANSWER"))
    assert call.answered_at is None


@pytest.mark.parametrize(
    ("clid", "caller", "person"),
    [
        ('"""Alice"" <02079460018>"', "02079460018", "Alice"),
        ("<02079460018>", "02079460018", None),
        ("02079460018", "02079460018", None),
        ('"""Anonymous"" <anonymous>"', "anonymous", None),
        ("Alice <>", None, "Alice"),
        ("", None, None),
        ('"""02079460018"" <02079460018>"', "02079460018", None),
    ],
)
def test_caller_id(clid: str, caller: str | None, person: str | None) -> None:
    row = SIXTEEN.replace('"""Alice ""A"" Example"" <02079460018>"', clid)
    (call,) = read(row.replace('"","02079460018"', '"",""', 1))
    assert (call.caller, call.contact_person) == (caller, person)


def test_directions() -> None:
    def way(src: str, dst: str, context: str, **settings: Any) -> str:
        row = SIXTEEN.replace('"4100"', f'"{dst}"', 1).replace('"02079460018"', f'"{src}"', 1)
        options = AsteriskSettings(region="GB", **settings)
        (call,) = read(row.replace("from-trunk", context), options)
        return str(call.direction)

    assert way("4100", "02079460018", "from-internal") == "outbound"
    assert way("4100", "4101", "from-internal") == "internal"
    assert way("4100", "4101", "from-trunk") == "inbound"
    assert way("02079460018", "4100", "custom") == "inbound"
    own = ("+44 20 7946 0018",)
    assert way("02079460018", "02079460019", "custom", own_numbers=own) == "outbound"


def test_an_import_goes_on_where_it_stopped() -> None:
    many = "".join(f'{SIXTEEN},"{UNIQUE}{n}"\n' for n in range(50)).encode()
    whole = list(Asterisk().rows(BytesIO(many), HELSINKI))
    assert whole[-1][0] == len(many)
    for end, _ in whole[::7]:
        rest = list(Asterisk().rows(BytesIO(many), HELSINKI, offset=end))
        left = [one for place, one in whole if place > end]
        assert [one.fields for _, one in rest if isinstance(one, RawCall)] == [
            one.fields for one in left if isinstance(one, RawCall)
        ]


def test_a_quote_left_open_costs_one_row() -> None:
    body = f'"open,{SIXTEEN[3:]}\n' + f"{SIXTEEN}\n" * 400
    found = read(body.encode())
    assert len(body) > MAX_ROW
    assert [type(one) for one in found[:2]] == [Rejection, IncomingCall]
    assert found[1:] == [EXPECTED] * 400


def test_a_line_without_end_is_cut_into_rejections() -> None:
    found = read(b"x" * (3 * MAX_ROW) + b"\n" + SIXTEEN.encode())
    assert found[-1] == EXPECTED
    assert all(isinstance(one, Rejection) for one in found[:-1])


def test_too_many_rows_for_one_request() -> None:
    with pytest.raises(MappingError):
        read(b"x\n" * 100_001)
