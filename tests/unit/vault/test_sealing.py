import itertools
import os
import pickle
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy.vault import sealing
from privacy.vault.derivations import canonical, derive
from privacy.vault.errors import DayEnded, OpenError
from privacy.vault.keys import DayKey, ScopeKey
from privacy.vault.labels import Label, Scope
from privacy.vault.meanings import Meaning, Place
from tests.unit.vault.keys import day_key, endless, today

ALICE, CHARLIE = UUID(int=1), UUID(int=2)
KEY = day_key()
MEANINGS = [
    Meaning(type_, tenant, table, row, column, version)
    for type_, tenant, table, row, column, version in itertools.product(
        ("call", "raw"), (ALICE, CHARLIE), ("calls", "raws"), (b"1", b"2"), ("body", "note"), (0, 1)
    )
]


@given(st.binary(max_size=500))
def test_what_is_sealed_opens(text: bytes) -> None:
    assert sealing.open(KEY, MEANINGS[0], sealing.seal(KEY, MEANINGS[0], text)) == text


@given(st.lists(st.tuples(st.binary(min_size=1, max_size=20), st.binary(max_size=80))))
def test_many_are_as_one_by_one(rows: list[tuple[bytes, bytes]]) -> None:
    place = Place("call", ALICE, "calls", "body")
    ids, texts = [row for row, _ in rows], [text for _, text in rows]
    aads = place.aads(ids, [3] * len(ids))
    assert aads == place.aads_of_version(ids, 3) == [place.row(row, 3).aad() for row in ids]
    sealed = sealing.seal_many(KEY, aads, texts)
    assert sealing.open_many(KEY, aads, sealed) == texts
    for row, text, blob in zip(ids, texts, sealed, strict=True):
        assert sealing.open(KEY, place.row(row, 3), blob) == text


def test_the_format_is_what_the_documentation_says(monkeypatch: pytest.MonkeyPatch) -> None:
    root, meaning = bytes(range(32)), MEANINGS[0]
    key = DayKey(b"\xaa" * 8, root, today(), 30, endless())
    monkeypatch.setattr(os, "urandom", lambda size: b"\x07" * size)
    parts = (b"silta sealed 1", b"call", ALICE.bytes, b"calls", b"body", bytes(8), b"1")
    padded = b"hello\x80" + bytes(26)
    cipher = AESGCM(derive(root, Label.DAY_SEAL))
    expected = cipher.encrypt(b"\x07" * 12, padded, canonical(*parts))
    sealed = sealing.seal(key, meaning, b"hello")
    assert sealed == b"\x01" + b"\xaa" * 8 + b"\x07" * 12 + expected
    assert sealing.key_id_of(sealed) == b"\xaa" * 8


@pytest.mark.attack(2)
@pytest.mark.attack(4)
def test_a_value_opens_under_its_own_meaning_only() -> None:
    sealed = {meaning: sealing.seal(KEY, meaning, b"x") for meaning in MEANINGS}
    for meaning, other in itertools.permutations(MEANINGS, 2):
        with pytest.raises(OpenError):
            sealing.open(KEY, other, sealed[meaning])


@pytest.mark.attack(2)
@given(st.data())
def test_meanings_differ_wherever_their_parts_differ(data: st.DataObject) -> None:
    short = st.text(alphabet="ab\x00", max_size=3)
    parts = st.tuples(short, short, st.binary(max_size=3), short, st.integers(0, 2))
    one, two = data.draw(parts), data.draw(parts)
    aads = [Meaning(t, ALICE, n, r, c, v).aad() for t, n, r, c, v in (one, two)]
    assert (aads[0] == aads[1]) == (one == two)


@pytest.mark.attack(4)
def test_an_older_version_of_the_same_row_is_refused() -> None:
    place = Place("call", ALICE, "calls", "body")
    old = sealing.seal(KEY, place.row(b"1", 1), b"old")
    with pytest.raises(OpenError):
        sealing.open(KEY, place.row(b"1", 2), old)


@pytest.mark.attack(5)
@settings(max_examples=50)
@given(st.integers(min_value=0))
def test_every_changed_bit_gives_the_one_error(position: int) -> None:
    sealed = bytearray(sealing.seal(KEY, MEANINGS[0], b"x"))
    bit = position % (len(sealed) * 8)
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(OpenError) as failure:
        sealing.open(KEY, MEANINGS[0], bytes(sealed))
    assert failure.value.args == OpenError().args
    assert failure.value.__cause__ is None
    assert failure.value.__suppress_context__ or failure.value.__context__ is None


@pytest.mark.attack(5)
def test_every_way_to_fail_looks_the_same() -> None:
    sealed = sealing.seal(KEY, MEANINGS[0], b"x")
    ways = [b"", sealed[:-1], sealed[:-32], sealed + b"\0", b"\x02" + sealed[1:], sealed[::-1]]
    for broken in ways:
        with pytest.raises(OpenError) as failure:
            sealing.open(KEY, MEANINGS[0], broken)
        assert str(failure.value) == OpenError.message
    with pytest.raises(OpenError):
        sealing.open(day_key(), MEANINGS[0], sealed)


@pytest.mark.attack(5)
def test_without_padding_inside_it_does_not_open() -> None:
    meaning = MEANINGS[0]
    forged = KEY.cipher.encrypt(bytes(12), bytes(32), meaning.aad())
    with pytest.raises(OpenError):
        sealing.open(KEY, meaning, b"\x01" + KEY.key_id + bytes(12) + forged)


def test_one_broken_value_keeps_all_shut() -> None:
    aads = [meaning.aad() for meaning in MEANINGS[:3]]
    sealed = sealing.seal_many(KEY, aads, [b"a", b"b", b"c"])
    with pytest.raises(OpenError):
        sealing.open_many(KEY, aads, [sealed[0], sealed[2], sealed[1]])


@pytest.mark.parametrize("broken", [b"", b"\x01" * 20, b"\x02" * 80])
def test_no_key_id_in_what_is_not_sealed(broken: bytes) -> None:
    with pytest.raises(OpenError):
        sealing.key_id_of(broken)


@pytest.mark.attack(1)
def test_a_million_seals_repeat_no_nonce() -> None:
    seen = set[bytes]()
    aads, texts = [b""] * 50_000, [b""] * 50_000
    for _ in range(20):
        seen.update(blob[9:21] for blob in sealing.seal_many(KEY, aads, texts))
    assert len(seen) == 1_000_000


@pytest.mark.attack(18)
def test_forked_children_draw_unrelated_nonces() -> None:
    sealing.seal(KEY, MEANINGS[0], b"warm")
    nonces = []
    for _ in range(2):
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            sealed = sealing.seal_many(KEY, [b""] * 1000, [b""] * 1000)
            os.write(write, b"".join(blob[9:21] for blob in sealed))
            os._exit(0)
        os.close(write)
        with os.fdopen(read, "rb") as pipe:
            text = pipe.read()
        os.waitpid(child, 0)
        nonces.append({text[at : at + 12] for at in range(0, len(text), 12)})
    assert len(nonces[0]) == len(nonces[1]) == 1000
    assert not nonces[0] & nonces[1]


@pytest.mark.attack(10)
def test_a_day_key_stops_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    key, meaning = day_key(age=29), MEANINGS[0]
    sealed = sealing.seal(key, meaning, b"x")
    assert sealing.open(key, meaning, sealed) == b"x"
    monkeypatch.setattr("privacy.core.clock._offset", timedelta(days=1))
    with pytest.raises(OpenError):
        sealing.open(key, meaning, sealed)
    with pytest.raises(DayEnded):
        sealing.seal(key, meaning, b"x")
    with pytest.raises(DayEnded):
        key.source_ids([b"x"])


@pytest.mark.attack(10)
def test_keys_neither_print_nor_pickle() -> None:
    secret = os.urandom(32)
    scope = ScopeKey(os.urandom(8), secret, Scope.CREDENTIALS, 1, endless())
    for key in (day_key(secret=secret), scope):
        assert secret.hex() not in repr(key)
        with pytest.raises(TypeError):
            pickle.dumps(key)


@pytest.mark.attack(6)
def test_scopes_do_not_open_each_other() -> None:
    root, key_id, meaning = os.urandom(32), os.urandom(8), MEANINGS[0]
    keys = [ScopeKey(key_id, root, scope, 1, endless()) for scope in Scope]
    for one, two in itertools.permutations(keys, 2):
        with pytest.raises(OpenError):
            sealing.open(two, meaning, sealing.seal(one, meaning, b"x"))


def test_a_uuid_and_its_bytes_are_the_same_row() -> None:
    row = uuid4()
    assert (
        Meaning("a", ALICE, "t", row, "c").aad() == Meaning("a", ALICE, "t", row.bytes, "c").aad()
    )
