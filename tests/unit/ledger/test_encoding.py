"""The bytes that are hashed are fixed for ever, and say one thing only."""

import hashlib
import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.ledger.commitments import commit, opens
from privacy.ledger.encoding import (
    Head,
    StoredEvent,
    event_digest,
    facts_bytes,
    frame,
    genesis,
    head_bytes,
    link_digest,
)
from privacy.ledger.events import Event

ORIGIN = bytes(range(16))
TENANT = uuid.UUID("01890000-0000-7000-8000-00000000000a")
EVENT = StoredEvent(
    TENANT,
    uuid.UUID("01890000-0000-7000-8000-000000000001"),
    datetime(2026, 11, 1, 12, 30, 15, 123456, tzinfo=UTC),
    "api:calls:ingested",
    "api_key",
    None,
    "batch",
    {"count": 1000, "live": True, "format": "json"},
    b"\x01" * 32,
)

parts = st.lists(st.none() | st.binary(max_size=8), max_size=5)


@given(parts, parts)
def test_different_lists_of_parts_give_different_bytes(
    one: list[bytes | None], other: list[bytes | None]
) -> None:
    assert (frame(*one) == frame(*other)) == (one == other)


values = st.integers() | st.booleans() | st.text(max_size=5)
facts = st.dictionaries(st.text(max_size=4), values, max_size=4)


def _typed(given: dict[str, object]) -> dict[str, tuple[type, object]]:
    return {key: (type(value), value) for key, value in given.items()}


@given(facts, facts)
def test_facts_are_told_apart_by_value_and_type(
    one: dict[str, object], other: dict[str, object]
) -> None:
    assert (facts_bytes(one) == facts_bytes(other)) == (_typed(one) == _typed(other))


def test_an_auditor_recomputes_an_event_from_the_description_alone() -> None:
    """Written out by hand from the module's text, without its functions."""

    def part(content: bytes) -> bytes:
        return len(content).to_bytes(4, "big") + content

    absent = b"\xff\xff\xff\xff"
    moment = 1793536215123456
    written_facts = (
        part(b"count") + part(b"i1000") + part(b"format") + part(b"sjson")
        + part(b"live") + part(b"b1")
    )  # fmt: skip
    expected = hashlib.sha256(
        part(b"silta.ledger.event.1")
        + part(ORIGIN)
        + part(TENANT.bytes)
        + part(EVENT.id.bytes)
        + part(moment.to_bytes(8, "big"))
        + part(b"api:calls:ingested")
        + part(b"api_key")
        + absent
        + part(b"batch")
        + part(written_facts)
        + part(b"\x01" * 32)
    ).digest()
    assert event_digest(ORIGIN, EVENT) == expected


KNOWN = ["f34743a84eb73bf8", "05523263b64b7e21", "d4f2e3198343c992"]
KNOWN_HEAD = "d44a7375d2ed6090"


def test_known_answers_stay_known() -> None:
    """A change here breaks every ledger in the world: do not adapt these values."""
    inner = event_digest(ORIGIN, EVENT)
    start = genesis(ORIGIN, TENANT)
    link = link_digest(ORIGIN, TENANT, 1, inner, start)
    head = head_bytes(ORIGIN, Head(TENANT, 1, link, EVENT.at))
    answers = [inner.hex()[:16], start.hex()[:16], link.hex()[:16]]
    assert answers == KNOWN
    assert hashlib.sha256(head).hexdigest()[:16] == KNOWN_HEAD


def test_a_commitment_opens_to_its_own_parts_only() -> None:
    key = bytes(32)
    proof = commit(key, b"a", b"bc")
    assert opens(key, proof, b"a", b"bc")
    assert not opens(key, proof, b"ab", b"c")
    assert not opens(bytes(31) + b"\x01", proof, b"a", b"bc")
    with pytest.raises(ValueError, match="32 bytes"):
        commit(b"short", b"a")


def test_events_are_named_source_subject_action() -> None:
    for event in Event:
        words = event.value.split(":")
        assert len(words) == 3
        assert all(word.replace("_", "").isalpha() and word.islower() for word in words)
