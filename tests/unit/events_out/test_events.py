"""What an event may say, where it may go, how it is signed, when it is tried again."""

import base64
import textwrap
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from connector.events_out.addresses import checked_url
from connector.events_out.facts import Facts, checked_facts, moment_text
from connector.events_out.schedule import GIVES_UP_AFTER, MOST_TRIES, PAUSES, pause_after
from connector.events_out.signing import sign
from privacy.core import clock
from privacy.core.errors import Invalid
from tests.architecture.sources import ROOT

ID = uuid.UUID("0198c0de-0000-7000-8000-0000000000a1")


@pytest.mark.parametrize(
    ("secret", "message", "timestamp", "body", "signature"),
    [
        (  # the specification's own example
            "plJ3nmyCDGBKInavdOK15jsl",
            "msg_loFOjxBNrRLzqYUf",
            1731705121,
            b'{"event_type":"ping","data":{"success":true}}',
            "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
        ),
        (  # the reference library's
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            b'{"test": 2432232314}',
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ),
    ],
)
def test_signatures_are_those_of_others(
    secret: str, message: str, timestamp: int, body: bytes, signature: str
) -> None:
    key = base64.b64decode(secret)
    assert sign([key], message_id=message, timestamp=timestamp, body=body) == signature
    both = sign([b"new", key], message_id=message, timestamp=timestamp, body=body)
    assert both.split(" ")[1] == signature


def test_facts_are_ids_counts_moments_and_words() -> None:
    moment = datetime(2026, 11, 22, 9, 15, 0, 123456, UTC)
    facts: Facts = {"id": ID, "ids": [ID], "n": 3, "ok": True, "to": "connected", "none": None}
    assert checked_facts({**facts, "at": moment, "day": date(2026, 11, 22)}) == {
        **facts,
        "id": str(ID),
        "ids": [str(ID)],
        "at": "2026-11-22T09:15:00.123Z",
        "day": "2026-11-22",
    }
    assert moment_text(moment).endswith("Z")


@pytest.mark.parametrize(
    "told", ["+12025550142", "Robin Example", "robin@example.com", "192.0.2.1", "", "a" * 81]
)
def test_what_reads_like_a_person_is_no_fact(told: str) -> None:
    for facts in ({"x": told}, {"x": [told]}, {told: 1}):
        with pytest.raises(ValueError, match=r"word|text|ids") as refused:
            checked_facts(facts)  # type: ignore[arg-type]
        assert not told or told not in str(refused.value)


@pytest.mark.attack(46)
@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/",
        "https://hooks.example.com:22/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://169.254.169.254/latest",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://user@hooks.example.com/",
        "https://hooks.example.com\\@127.0.0.1/",
        "https://hooks.example.com/#x",
        "ftp://hooks.example.com/",
        "hooks.example.com",
        "https://hooks.example.com/" + "a" * 1000,
        "",
    ],
)
def test_addresses_that_are_refused(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_url(url, loopback=False)
    assert refused.value.details["fields"]


def test_addresses_that_are_taken() -> None:
    for url in ("https://hooks.example.com/a?b=c", "https://hooks.example.com:8443/x"):
        assert checked_url(f" {url} ", loopback=False) == url
    assert checked_url("http://127.0.0.1:9999/x", loopback=True)
    with pytest.raises(Invalid):
        checked_url("http://hooks.example.com/", loopback=True)


def test_the_schedule_is_of_days_and_ends() -> None:
    assert pause_after(MOST_TRIES) is None
    assert pause_after(MOST_TRIES, asked=5.0) is None
    whole = sum(PAUSES, timedelta())
    assert GIVES_UP_AFTER < whole < timedelta(days=4)
    for tries, pause in enumerate(PAUSES, start=1):
        waited = pause_after(tries)
        assert waited is not None
        assert pause <= waited <= pause * 1.1
    assert pause_after(1, asked=3600.0) == timedelta(hours=1)


@pytest.mark.attack(56)
def test_what_the_page_tells_receivers_to_do_works() -> None:
    """The code in docs/integrations/events.md, as it stands there."""
    page = (ROOT / "docs" / "integrations" / "events.md").read_text()
    block = page[page.index("    import base64") : page.index("## What to answer")]
    names: dict[str, Any] = {}
    exec(textwrap.dedent(block), names)  # noqa: S102
    body, stamp = b'{"type":"call.received"}', int(clock.now().timestamp())
    signed = sign([b"old key", b"k" * 32], message_id="msg_1", timestamp=stamp, body=body)
    head = {"webhook-id": "msg_1", "webhook-timestamp": str(stamp), "webhook-signature": signed}
    secret = "whsec_" + base64.b64encode(b"k" * 32).decode()
    assert names["is_ours"](secret, head, body)
    assert not names["is_ours"](secret, head, body + b" ")
    assert not names["is_ours"](secret, head | {"webhook-id": "msg_2"}, body)
    assert not names["is_ours"](secret, head | {"webhook-timestamp": str(stamp - 301)}, body)
    assert not names["is_ours"](secret[:-4] + "AAA=", head, body)
