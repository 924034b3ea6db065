"""Many tags at once: the same function as the library's, whatever the texts' lengths."""

import os
import pickle

import pytest
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from privacy.vault.bulk_macs import BulkMac, blocks_of
from privacy.vault.index_keys import MANY, IndexKey
from tests.unit.vault.test_known_answers import CMAC as ANSWERS
from tests.unit.vault.test_known_answers import TEXT

SECRET = bytes(range(32))


@pytest.mark.parametrize(("key", "length", "tag"), ANSWERS)
def test_published_tags(key: str, length: int, tag: str) -> None:
    tags = BulkMac(bytes.fromhex(key)).tags([TEXT[:length]] * 3)
    assert tags.hex() == tag * 3


@pytest.mark.parametrize("blocks", [1, 2, 3, 5])
def test_each_length_beside_the_others_of_as_many_blocks(blocks: int) -> None:
    texts = [os.urandom(n) for n in range(100) if blocks_of(n) == blocks]
    assert BulkMac(SECRET).tags(texts) == b"".join(map(_library, texts))


def test_both_subkeys_whether_a_bit_falls_out_or_not() -> None:
    for secret in (os.urandom(32) for _ in range(24)):
        texts = [b"", os.urandom(15), os.urandom(16)]
        assert BulkMac(secret).tags(texts) == b"".join(_library(text, secret) for text in texts)


@pytest.mark.parametrize("length", [0, 1, 15, 16, 17, 31, 32, 59])
def test_texts_of_one_length(length: int) -> None:
    texts = [os.urandom(length) for _ in range(5)]
    assert BulkMac(SECRET).tags(texts) == b"".join(map(_library, texts))


@pytest.mark.parametrize("count", [MANY - 1, MANY, 3 * MANY])
@pytest.mark.parametrize("lengths", [range(17), range(17, 33), range(70), (12,)])
def test_few_and_many_and_mixed_are_one_function(count: int, lengths: range) -> None:
    texts = [os.urandom(lengths[n % len(lengths)]) for n in range(count)]
    key = IndexKey(SECRET)
    assert key.digests(texts) == list(map(_library, texts))
    assert key.tokens(texts) == [key.token(text) for text in texts]


def test_blocks() -> None:
    assert [blocks_of(n) for n in (0, 1, 16, 17, 32, 33)] == [1, 1, 1, 2, 2, 3]


@pytest.mark.attack(10)
def test_a_bulk_key_does_not_pickle() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(BulkMac(SECRET))


def _library(text: bytes, secret: bytes = SECRET) -> bytes:
    mac = CMAC(AES(secret))
    mac.update(text)
    return mac.finalize()
