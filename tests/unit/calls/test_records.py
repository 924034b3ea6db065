"""Shapes and batches of call records."""

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.calls import bodies
from connector.calls.records import (
    IncomingCall,
    MalformedDocument,
    RejectionCode,
    TooManyRecords,
    check_times,
    decode_batch,
    decode_record,
    encode_record,
    normalise_many,
)
from privacy.core.errors import SiltaError, UnsupportedMedia

JSON, LINES = "application/json", "application/x-ndjson"
NOW = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
GOOD = {"direction": "inbound", "started_at": "2026-03-29T10:00:00+03:00"}
FULL = GOOD | {
    "source_id": "call-1",
    "version": 2,
    "caller": "020 7946 0018",
    "called": "4100",
    "user_id": "17",
    "contact_person": "Älice Example",
    "company": "Example Oy",
    "answered_at": None,
    "ended_at": "2026-03-29T07:01:00.123456Z",
    "account": "exchange-1",
}


def codes(body: bytes, media: str = JSON) -> list[tuple[int, str]]:
    return [(one.index, one.code.value) for one in decode_batch(body, media).rejections]


def array(*records: object) -> bytes:
    return json.dumps(records).encode()


def test_defaults_and_values() -> None:
    batch = decode_batch(array(GOOD, FULL), JSON)
    (_, bare), (_, full) = batch.records
    assert (bare.version, bare.caller, bare.account, bare.ended_at) == (1, None, None, None)
    assert full.contact_person == "Älice Example"
    assert full.version == 2


@pytest.mark.parametrize("separator", ["\n", "\r\n", "\n\n"])
def test_lines(separator: str) -> None:
    body = separator.join(json.dumps(one) for one in (GOOD, FULL)) + separator
    assert [
        index for index, _ in decode_batch(body.encode(), f"{LINES}; charset=utf-8").records
    ] == [0, 1]


def test_good_records_stay_beside_bad_ones() -> None:
    bad = [GOOD | {"version": 0}, {"direction": "inbound"}, "text", GOOD | {"tenant_id": "x"}]
    batch = decode_batch(array(GOOD, *bad, FULL), JSON)
    assert [index for index, _ in batch.records] == [0, 5]
    assert [one.code for one in batch.rejections] == [
        RejectionCode.INVALID_FIELD,
        RejectionCode.MISSING_START,
        RejectionCode.INVALID_FIELD,
        RejectionCode.UNKNOWN_FIELD,
    ]


def test_a_bad_line_is_one_rejection() -> None:
    body = b"%b\n{oops\n%b" % (json.dumps(GOOD).encode(), json.dumps(GOOD).encode())
    assert codes(body, LINES) == [(1, "invalid_json")]


def test_bytes_that_are_no_utf8_cost_one_record() -> None:
    latin = array(GOOD | {"company": "Mäki"}, GOOD).replace(b"\\u00e4", b"\xe4")
    assert codes(latin) == [(0, "invalid_json")]


@pytest.mark.attack(43)
@pytest.mark.parametrize("field", ["tenant_id", "role", "is_admin", "id", "day"])
def test_unknown_fields_are_refused(field: str) -> None:
    assert codes(array(GOOD | {field: "x"})) == [(0, "unknown_field")]


DUPLICATES = [
    b'{"caller":"1","caller":"2",%b}',
    b'{"caller":null,"caller":"2",%b}',
    b'{"caller":"1","caller" :"2",%b}',
    b'{"caller":"1","caller"\n:\t"2",%b}',
    b'{"caller":"1","\\u0063aller":"2",%b}',
    b'{"caller":"1","caller":"2","company":"\\":",%b}',
    b'{"caller":"1","caller":"2","company":"\\u0022:",%b}',
    b'{"version":1,"version":1,%b}',
]


@pytest.mark.attack(55)
@pytest.mark.parametrize("template", DUPLICATES)
@pytest.mark.parametrize("others", [0, 3])
def test_a_name_twice_is_refused(template: bytes, others: int) -> None:
    rest = b'"direction":"inbound","started_at":"2026-03-29T10:00:00Z"'
    body = b"[" + b",".join([template % rest] + [b"{" + rest + b"}"] * others) + b"]"
    assert codes(body) == [(0, "duplicate_field")]
    assert len(decode_batch(body, JSON).records) == others


@pytest.mark.parametrize("text", ['say ":', "a :b", '":"', "\\", "{[,"])
def test_text_that_looks_like_json_is_text(text: str) -> None:
    ((_, call),) = decode_batch(array(GOOD | {"company": text}), JSON).records
    assert call.company == text


@pytest.mark.attack(55)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[",
        b"nul",
        b"[{}]x",
        b"[" * 100_000,
        b'[{"caller":' * 50_000,
        b"[NaN]",
        b"\xff\xfe[]",
        b"[1e999999]x",
    ],
)
def test_a_malformed_document_stores_nothing(body: bytes) -> None:
    with pytest.raises(MalformedDocument):
        decode_batch(body, JSON)


@pytest.mark.attack(55)
@pytest.mark.parametrize(
    "value", ["9" * 400, "9" * 5_000, "-1", "1.5", "2147483648", "1e3", '"1"', "[[1]]", "true"]
)
def test_versions_are_whole_and_bounded(value: str) -> None:
    record = json.dumps(GOOD)
    body = f'[{record[:-1]}, "version": {value}}}]'
    assert len(codes(body.encode())) + len(decode_batch(body.encode(), JSON).records) == 1
    if value != "1e3":
        assert codes(body.encode())


@pytest.mark.parametrize(
    "moment",
    [
        "2026-03-29T10:00:00",
        "2026-03-29",
        "10:00",
        "1774778400",
        1774778400,
        "2026-13-01T00:00:00Z",
    ],
)
def test_times_need_an_offset(moment: object) -> None:
    assert codes(array(GOOD | {"started_at": moment})) == [(0, "invalid_field")]


@pytest.mark.attack(52)
def test_reasons_repeat_nothing() -> None:
    secret = "canary-4711"
    bad = [
        GOOD | {secret: 1},
        GOOD | {"direction": secret},
        GOOD | {"started_at": secret},
        GOOD | {"company": secret * 50},
        {secret: secret},
        secret,
        [secret],
    ]
    assert secret not in repr(decode_batch(array(*bad), JSON).rejections)
    assert len(codes(array(*bad))) == len(bad)


def test_at_most_ten_thousand() -> None:
    many = array(*[GOOD] * 10_000)
    assert len(decode_batch(many, JSON).records) == 10_000
    for body in (array(*[GOOD] * 10_001), array(*[{}] * 10_001), b"[1" + b",1" * 4_000_000 + b"]"):
        with pytest.raises(TooManyRecords):
            decode_batch(body, JSON)
    with pytest.raises(TooManyRecords):
        decode_batch(b"{}\n" * 10_001, LINES)


def test_other_media_types() -> None:
    with pytest.raises(UnsupportedMedia):
        decode_batch(b"[]", "text/csv")
    assert decode_batch(b"[]", JSON).records == []
    assert decode_batch(b"\n", LINES).records == []


@given(st.binary(max_size=300), st.sampled_from([JSON, LINES]))
def test_garbage_is_refused_in_our_words(body: bytes, media: str) -> None:
    try:
        decode_batch(body, media)
    except SiltaError:
        return


def test_normalising() -> None:
    ((_, call),) = decode_batch(array(FULL), JSON).records
    record = call.normalise("GB")
    assert (record.caller, record.called) == ("+442079460018", "4100")
    assert normalise_many([call], "GB") == [record]
    assert decode_record(encode_record(record)) == record
    assert record.started_at == datetime(2026, 3, 29, 7, tzinfo=UTC)
    assert record.ended_at is not None
    assert record.ended_at.microsecond == 123456


def test_the_day_is_the_utc_day_of_the_start() -> None:
    late = IncomingCall(
        direction="inbound", started_at=datetime.fromisoformat("2026-03-29T01:00:00+03:00")
    )
    assert late.normalise("FI").day.isoformat() == "2026-03-28"


def test_identity_is_the_source_id_or_the_content() -> None:
    ((_, one), (_, two)) = decode_batch(array(FULL, FULL | {"version": 3}), JSON).records
    assert one.normalise("FI").identity == two.normalise("FI").identity
    ((_, bare), (_, other)) = decode_batch(array(GOOD, GOOD | {"caller": "4100"}), JSON).records
    assert bare.normalise("FI").identity == bare.normalise("FI").identity
    assert bare.normalise("FI").identity != other.normalise("FI").identity


@pytest.mark.parametrize(
    ("start", "answer", "end", "code"),
    [
        (0, None, None, None),
        (0, 5, 60, None),
        (-90 * 86_400, None, None, None),
        (86_401, None, None, "starts_in_future"),
        (0, None, 86_401, "ends_in_future"),
        (0, None, -2, "ends_before_start"),
        (0, None, -0.5, None),
        (0, 70, 60, "answered_out_of_order"),
        (0, -70, None, "answered_out_of_order"),
        (-86_400 * 366 * 60, None, None, "invalid_field"),
    ],
)
def test_times(start: float, answer: float | None, end: float | None, code: str | None) -> None:
    def at(seconds: float | None) -> datetime | None:
        return None if seconds is None else NOW + timedelta(seconds=seconds)

    call = IncomingCall(
        direction="inbound",
        started_at=NOW + timedelta(seconds=start),
        answered_at=at(answer),
        ended_at=at(end),
    )
    found = check_times(call, now=NOW)
    assert (found and found.code.value) == code


@pytest.mark.attack(47)
def test_gzip_is_inflated_within_limits() -> None:
    body = array(*[FULL | {"source_id": str(number)} for number in range(1_000)])
    assert bodies.read_body(gzip.compress(body), "gzip") == body
    assert bodies.inflate(gzip.compress(body) + gzip.compress(b"more")) == body + b"more"
    with pytest.raises(bodies.SuspiciousRatio):
        bodies.inflate(gzip.compress(b" " * 5_000_000))
    with pytest.raises(bodies.BodyTooLarge):
        bodies.inflate(gzip.compress(body), limit=1_000)
    with pytest.raises(bodies.BodyTooLarge):
        bodies.read_body(b"x" * 11, None, limit=10)
    with pytest.raises(UnsupportedMedia):
        bodies.read_body(body, "br")


@pytest.mark.parametrize(
    "cut",
    [b"", b"no gzip", gzip.compress(b"x" * 99)[:-3], gzip.compress(b"x") + b"!"],
    ids=["empty", "plain", "cut off", "followed by noise"],
)
def test_broken_gzip(cut: bytes) -> None:
    with pytest.raises(bodies.BrokenCompression):
        bodies.inflate(cut)
