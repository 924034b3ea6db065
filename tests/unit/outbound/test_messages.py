"""Headers as bytes, statuses as failures, Retry-After."""

from datetime import UTC, datetime

import httpx
import pytest

from connector.outbound.client import Answer
from connector.outbound.failures import BadRequest, Failure, FailureKind
from connector.outbound.messages import encode_headers
from connector.outbound.statuses import failure_of, retry_after
from privacy.core.errors import SiltaError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_letters_beyond_ascii_go_out_as_latin_1() -> None:
    sent = dict(encode_headers({"X-Netvisor-Authentication-Sender": "Mäki Oy"}))
    assert sent[b"X-Netvisor-Authentication-Sender"] == b"M\xe4ki Oy"
    assert sent[b"accept-encoding"] == b"gzip"


def test_ours_give_way() -> None:
    assert dict(encode_headers({"User-Agent": "x"}))[b"User-Agent"] == b"x"
    assert b"user-agent" not in dict(encode_headers({"User-Agent": "x"}))


@pytest.mark.attack(46)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("A", value) for value in ("a\r\nX: y", "a\n", "\x00", " a", "a ", "€", "漢")],
        *[(name, "a") for name in ("", "A B", "A:", "Ä", "A\n")],
    ],
)
def test_headers_that_cannot_be_sent(name: str, value: str) -> None:
    with pytest.raises(BadRequest) as failed:
        encode_headers({name: value})
    assert not failed.value.maybe_done


@pytest.mark.parametrize(
    ("status", "kind", "maybe_done"),
    [
        *[(status, FailureKind.CONFIGURATION, False) for status in (401, 403)],
        *[(status, FailureKind.TRANSIENT, True) for status in (500, 502, 503, 504, 408, 599)],
        (429, FailureKind.TRANSIENT, False),
        *[(status, FailureKind.SYSTEM, False) for status in (404, 413)],
        *[(status, FailureKind.SYSTEM, True) for status in (400, 409, 418)],
    ],
)
def test_statuses(status: int, kind: FailureKind, maybe_done: bool) -> None:
    failure = failure_of(Answer(status, httpx.Headers(), b"secret"), now=NOW, where="customerlist")
    assert isinstance(failure, Failure)
    assert isinstance(failure, SiltaError)
    assert (failure.kind, failure.maybe_done) == (kind, maybe_done)
    assert "customerlist" in failure.log
    assert "secret" not in failure.log + failure.message


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120.0),
        ("Sun, 22 Nov 2026 12:05:00 GMT", 300.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("999999999999", 86_400.0),
        ("-5", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after(said: str, seconds: float | None) -> None:
    answer = Answer(503, httpx.Headers({"retry-after": said}), b"")
    assert retry_after(answer, now=NOW) == seconds
