import os
import pickle
from datetime import date
from uuid import UUID

import msgspec
import pytest

from privacy.core import clock
from privacy.vault.bundles import Bundle, FloorRow, Tombstone, decode_bundle, encode_bundle
from privacy.vault.derivations import commitment_of
from privacy.vault.errors import EscrowFailed, OpenError
from privacy.vault.wrapping import KeyKind, KeyName, KeyRow, Wrapper, _aad

ALICE, CHARLIE = UUID(int=1), UUID(int=2)
NAME = KeyName(ALICE, KeyKind.DAY, "moontalk", "calls", date(2026, 3, 1), 1)
EPOCH_KEY = bytes(range(32))
WRAPPER = Wrapper(7, EPOCH_KEY)
NOW = clock.now()


def test_a_key_is_fresh_and_opens() -> None:
    one, two = WRAPPER.make(NAME, NOW), WRAPPER.make(NAME, NOW)
    key = WRAPPER.unwrap(one)
    assert len(key) == 32
    assert key != WRAPPER.unwrap(two)
    assert one.commitment == commitment_of(key)
    assert one.key_id == one.commitment[:8]
    assert key not in one.wrapped
    assert one.name == NAME


@pytest.mark.attack(2)
@pytest.mark.parametrize(
    "change",
    [
        {"tenant_id": CHARLIE},
        {"kind": KeyKind.TENANT},
        {"service": "invoices"},
        {"data": "sessions"},
        {"day": date(2026, 3, 2)},
        {"day": None},
        {"version": 2},
        {"epoch": 8},
        {"key_id": b"\0" * 8},
    ],
)
def test_a_key_row_opens_as_itself_only(change: dict[str, object]) -> None:
    row = WRAPPER.make(NAME, NOW)
    with pytest.raises(OpenError):
        WRAPPER.unwrap(msgspec.structs.replace(row, **change))


@pytest.mark.attack(2)
def test_a_key_under_another_epoch_does_not_open() -> None:
    row = WRAPPER.make(NAME, NOW)
    for other in (Wrapper(7, os.urandom(32)), Wrapper(8, EPOCH_KEY)):
        with pytest.raises(OpenError):
            other.unwrap(row)
        with pytest.raises(OpenError):
            other.unwrap(msgspec.structs.replace(row, epoch=other.epoch))


@pytest.mark.attack(5)
def test_a_key_with_a_wrong_commitment_is_refused_before_use() -> None:
    row = WRAPPER.make(NAME, NOW)
    other = WRAPPER.make(NAME, NOW)
    swapped = msgspec.structs.replace(row, commitment=other.commitment)
    with pytest.raises(OpenError):
        WRAPPER.unwrap(swapped)
    # An insider who can wrap puts a key of his own under an honest key's name and id.
    forged = WRAPPER._wrap(_aad(NAME, row.key_id), os.urandom(32))
    with pytest.raises(OpenError):
        WRAPPER.unwrap(msgspec.structs.replace(row, wrapped=forged))
    half = row.commitment[:8] + other.commitment[8:]
    with pytest.raises(OpenError):
        WRAPPER.unwrap(msgspec.structs.replace(row, commitment=half))
    own = os.urandom(32)
    imposter = WRAPPER._wrap(_aad(NAME, row.key_id), own)
    named = msgspec.structs.replace(row, wrapped=imposter, commitment=commitment_of(own))
    with pytest.raises(OpenError):
        WRAPPER.unwrap(named)


@pytest.mark.parametrize("length", [0, 1, 13, 60, 62])
def test_truncated_and_lengthened_wrappings_are_refused(length: int) -> None:
    row = WRAPPER.make(NAME, NOW)
    assert len(row.wrapped) == 61
    wrapped = (row.wrapped + b"\0")[:length]
    with pytest.raises(OpenError):
        WRAPPER.unwrap(msgspec.structs.replace(row, wrapped=wrapped))
    with pytest.raises(OpenError):
        WRAPPER.unwrap(msgspec.structs.replace(row, wrapped=b"\x02" + row.wrapped[1:]))


def test_rewrapping_keeps_the_key() -> None:
    rows = [WRAPPER.make(NAME, NOW) for _ in range(3)]
    new = Wrapper(8, os.urandom(32))
    moved = [
        msgspec.structs.replace(row, epoch=8, wrapped=blob)
        for row, blob in zip(rows, new.rewrap(rows, WRAPPER), strict=True)
    ]
    assert [new.unwrap(row) for row in moved] == [WRAPPER.unwrap(row) for row in rows]


def test_a_wrapper_does_not_pickle() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(WRAPPER)


def _bundle() -> Bundle:
    rows: list[KeyRow] = [WRAPPER.make(NAME, NOW)]
    tomb = Tombstone(ALICE, b"12345678", "day", "moontalk", "calls", NAME.day, 1, NOW, "erasure")
    return Bundle(7, 12, NOW, rows, [tomb], [FloorRow(CHARLIE, 1, 2, 3)])


def test_a_bundle_comes_back() -> None:
    bundle = _bundle()
    assert decode_bundle(encode_bundle(bundle, EPOCH_KEY), 7, EPOCH_KEY) == bundle


def test_a_changed_bundle_is_refused() -> None:
    content = encode_bundle(_bundle(), EPOCH_KEY)
    for position in range(0, len(content), 7):
        broken = bytearray(content)
        broken[position] ^= 1
        with pytest.raises(EscrowFailed):
            decode_bundle(bytes(broken), 7, EPOCH_KEY)
    for broken_text in (b"", content[:-1], content + b"\0"):
        with pytest.raises(EscrowFailed):
            decode_bundle(broken_text, 7, EPOCH_KEY)
    for epoch, key in ((8, EPOCH_KEY), (7, bytes(32))):
        with pytest.raises(EscrowFailed):
            decode_bundle(content, epoch, key)
