import os
import pickle
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC
from hypothesis import given
from hypothesis import strategies as st

from privacy.vault.index_keys import IndexKey
from privacy.vault.keys import TenantIndex
from privacy.vault.labels import Index
from tests.unit.vault.keys import day_key

SECRET = bytes(range(32))
NUMBERS = [b"+120255501%02d" % n for n in range(100)]


@given(st.lists(st.binary(max_size=70), max_size=12))
def test_bulk_cmac_equals_the_library(messages: list[bytes]) -> None:
    assert IndexKey(SECRET).digests(messages) == [_cmac(message) for message in messages]


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=17))
def test_both_subkeys_of_any_key_equal_the_librarys(secret: bytes, message: bytes) -> None:
    mac = CMAC(AES(secret))
    mac.update(message)
    assert IndexKey(secret).digest(message) == mac.finalize()


@given(st.lists(st.binary(max_size=40), max_size=8))
def test_a_token_is_the_head_of_the_tag(messages: list[bytes]) -> None:
    heads = [int.from_bytes(_cmac(message)[:8], "big", signed=True) for message in messages]
    key = IndexKey(SECRET)
    assert key.tokens(messages) == heads
    assert [key.token(message) for message in messages] == heads


@given(st.binary(max_size=40), st.integers(1, 64))
def test_a_short_token_is_the_head_of_the_long_one(message: bytes, bits: int) -> None:
    short = IndexKey(SECRET, token_bits=bits).token(message)
    assert short == IndexKey(SECRET).token(message) >> (64 - bits)
    assert -(2 ** (bits - 1)) <= short < 2 ** (bits - 1)


@pytest.mark.attack(13)
def test_short_tokens_collide_so_that_a_reader_must_compare() -> None:
    assert len(set(IndexKey(SECRET, token_bits=4).tokens(NUMBERS))) < len(NUMBERS)
    assert len(set(IndexKey(SECRET).tokens(NUMBERS))) == len(NUMBERS)


@pytest.mark.attack(11)
def test_no_other_key_makes_a_days_tokens() -> None:
    gone = set(day_key().index(Index.NUMBER).tokens(NUMBERS))
    for _ in range(200):
        assert not gone & set(day_key().index(Index.NUMBER).tokens(NUMBERS))


@pytest.mark.attack(12)
def test_equal_numbers_have_equal_tokens_in_one_day_and_kind_only() -> None:
    one, two = day_key(), day_key()
    number = one.index(Index.NUMBER).tokens(NUMBERS)
    assert number == one.index(Index.NUMBER).tokens(NUMBERS)
    assert not set(number) & set(one.index(Index.USER).tokens(NUMBERS))
    assert not set(number) & set(two.index(Index.NUMBER).tokens(NUMBERS))


def test_source_ids_are_stable_within_a_day_and_meaningless_elsewhere() -> None:
    secret = os.urandom(32)
    messages = [uuid4().bytes + b"call-%d" % n for n in range(50)]
    ids = day_key(secret=secret).source_ids(messages)
    assert ids == day_key(secret=secret).source_ids(messages)
    assert all(len(one) == 16 for one in ids)
    assert len(set(ids)) == 50
    assert not set(ids) & set(day_key().source_ids(messages))


def test_tenant_digests_differ_by_tenant_and_kind() -> None:
    roots = [os.urandom(32), os.urandom(32)]
    digests = {TenantIndex(r, k).digest(b"a@example.com") for r in roots for k in Index}
    assert len(digests) == 2 * len(Index)
    assert {len(digest) for digest in digests} == {32}


@pytest.mark.attack(10)
def test_index_keys_do_not_pickle() -> None:
    for key in (IndexKey(SECRET), TenantIndex(SECRET, Index.EMAIL)):
        with pytest.raises(TypeError):
            pickle.dumps(key)


def _cmac(message: bytes) -> bytes:
    mac = CMAC(AES(SECRET))
    mac.update(message)
    return mac.finalize()
