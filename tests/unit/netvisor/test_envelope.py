"""OK and FAILED, codes known and unknown, and texts that must not be repeated."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.outbound.failures import Failure, FailureKind
from connector.providers.netvisor.documents import read_nodes
from connector.providers.netvisor.envelope import (
    ENVELOPE,
    Refused,
    check_status,
    inserted_key,
)
from connector.providers.netvisor.redactions import LONGEST, redact

KEYS = ("0123ABCDcustomerKEY", "partner&Kéy=7")


def refusal(*statuses: str) -> Refused:
    inner = "".join(f"<Status>{status}</Status>" for status in statuses)
    body = f"<Root><ResponseStatus>{inner}</ResponseStatus></Root>".encode()
    (node,) = read_nodes(body, ENVELOPE)
    with pytest.raises(Refused) as failed:
        check_status(node, secrets=KEYS, where="customerlist")
    assert isinstance(failed.value, Failure)
    return failed.value


@pytest.mark.parametrize("said", ["OK", "ok", " OK "])
def test_ok(said: str) -> None:
    body = f"<Root><responsestatus><STATUS>{said}</STATUS></responsestatus></Root>".encode()
    (node,) = read_nodes(body, ENVELOPE)
    check_status(node, secrets=KEYS, where="x")


@pytest.mark.parametrize(
    ("code", "kind", "maybe_done"),
    [
        ("AUTHENTICATION_FAILED", FailureKind.CONFIGURATION, False),
        ("SERVICE_ACCESS_ERROR", FailureKind.CONFIGURATION, False),
        ("PERIOD_LOCK", FailureKind.CONFIGURATION, False),
        ("INVALID_DATA", FailureKind.SYSTEM, False),
        ("INVALID_DATA_SIZE", FailureKind.SYSTEM, False),
        ("DUPLICATE_DATA", FailureKind.SYSTEM, True),
        ("REQUEST_NOT_UNIQUE", FailureKind.TRANSIENT, True),
        ("SYSTEM_MAINTANANCE", FailureKind.TRANSIENT, False),
        ("SYSTEM_MAINTENANCE", FailureKind.TRANSIENT, False),
        ("TECHNICAL_ERROR", FailureKind.TRANSIENT, True),
        ("NEVER_HEARD_OF", FailureKind.SYSTEM, True),
    ],
)
def test_codes(code: str, kind: FailureKind, maybe_done: bool) -> None:
    failed = refusal("FAILED", f"{code} :: Jotakin meni vikaan")
    assert (failed.kind, failed.maybe_done, failed.netvisor_code) == (kind, maybe_done, code)
    assert "Jotakin meni vikaan" in failed.message
    assert "Jotakin" not in failed.log
    assert "customerlist" in failed.log


@pytest.mark.parametrize(
    "statuses",
    [
        ("FAILED", "no code in this text"),
        ("FAILED",),
        ("FAILED", ""),
        (),
        ("", "OK"),
        ("MAYBE",),
        ("FAILED", "lower_case :: text"),
    ],
)
def test_whatever_is_not_ok_is_a_refusal(statuses: tuple[str, ...]) -> None:
    failed = refusal(*statuses)
    assert failed.kind is FailureKind.SYSTEM
    assert failed.netvisor_code == ""


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Customer not found with Netvisor identifier: 123", True),
        ("Data form incorrect:. Asiakasta ei löydy", True),
        ("Kunden hittades inte", True),
        ("Data form incorrect:. name is too long", False),
    ],
)
def test_not_found_hides_in_invalid_data(text: str, missing: bool) -> None:
    assert refusal("FAILED", f"INVALID_DATA :: {text}").missing is missing
    assert not refusal("FAILED", f"TECHNICAL_ERROR :: {text}").missing


def test_the_key_of_what_was_added() -> None:
    for text, key in (("12", 12), ("", None), ("x", None), ("9" * 30, None), ("٣", None)):
        identifier = f"<InsertedDataIdentifier>{text}</InsertedDataIdentifier>"
        xml = f"<Root><Replies>{identifier}</Replies></Root>"
        (node,) = read_nodes(xml.encode(), ENVELOPE)
        assert inserted_key(node) == key


SIGNED = "https://isvapi.netvisor.fi/x.nv&Mäki Oy&c&2024-01-15 12:00:00.000&FI&1-2&t&1&{}&{}"


@pytest.mark.attack(52)
@pytest.mark.parametrize(
    "echo",
    [
        KEYS[0],
        KEYS[0].lower(),
        KEYS[1],
        "partner%26K%E9y%3D7",
        "partner%26K%C3%A9y%3D7",
        KEYS[0].encode().hex(),
        KEYS[0].encode().hex().upper(),
        base64.b64encode(KEYS[0].encode()).decode(),
        base64.b64encode(b"x:" + KEYS[0].encode() + b":y").decode(),
        base64.b64encode(b"x" + KEYS[1].encode("latin-1")).decode(),
        SIGNED.format(*KEYS),
        "14f2ec30263493fe0eb99b924d0b172addd4d3038140ea4f65469a51cbfbf072",
        "3A630FEB0D490290EF9ACE6B41D1DF3A",
    ],
)
def test_no_secret_is_repeated(echo: str) -> None:
    escaped = echo.replace("&", "&amp;")
    failed = refusal("FAILED", f"AUTHENTICATION_FAILED :: MAC of {escaped} is wrong")
    for text in (failed.message, failed.log, str(failed), repr(failed), str(failed.details)):
        lowered = text.lower()
        assert echo.lower() not in lowered
        assert KEYS[0].lower() not in lowered
        assert KEYS[1].lower() not in lowered
        assert "14f2ec30263493fe" not in lowered
        assert KEYS[0].encode().hex() not in lowered
    assert "is wrong" in failed.message


@pytest.mark.attack(52)
@given(st.text(max_size=60), st.text(max_size=60), st.integers(0, 5))
def test_a_key_never_survives(before: str, after: str, how: int) -> None:
    key = "S3cretKeyÄ0123"
    raw = key.encode("latin-1")
    spelled = [key, key.upper(), raw.hex(), base64.b64encode(b"ab" + raw).decode(), key * 2,
               f"{key}&{key}"][how]  # fmt: skip
    said = redact(before + spelled + after, (key,))
    for needle in (key, raw.hex(), base64.b64encode(raw).decode()[:16]):
        assert needle.lower() not in said.lower()
    assert len(said) <= LONGEST
    assert "\n" not in said


@pytest.mark.attack(53)
def test_one_line_without_controls() -> None:
    assert redact("a\r\nb\x00c\u202ed\u2028e", ()) == "a b c d e"


def test_a_hostile_text_takes_no_time() -> None:
    for text in ("&" * 100_000, "a&" * 100_000, "f" * 100_000, " & " * 100_000):
        assert len(redact(text, KEYS)) <= LONGEST
