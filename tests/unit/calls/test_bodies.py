"""Compressed bodies that are made to cost time (ATTACK 47)."""

import gzip
import os
import random
from time import process_time

import pytest

from connector.calls.bodies import MEMBERS, BrokenCompression, SuspiciousRatio, inflate

pytestmark = pytest.mark.attack(47)


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 3_000_000])
@pytest.mark.parametrize("alphabet", [b"abc {}", bytes(range(256))])
def test_whatever_fits_comes_back(size: int, alphabet: bytes) -> None:
    content = bytes(random.choices(alphabet, k=size))
    parts = [content[at : at + 65_000] for at in range(0, size, 65_000)]
    assert inflate(gzip.compress(content)) == content
    if parts:
        assert inflate(b"".join(map(gzip.compress, parts))) == content


def test_every_cut_is_seen() -> None:
    whole = gzip.compress(b"a call") + gzip.compress(os.urandom(300))
    first = len(gzip.compress(b"a call"))
    for end in set(range(1, len(whole))) - {first}:
        with pytest.raises(BrokenCompression):
            inflate(whole[:end])
    with pytest.raises(BrokenCompression):
        inflate(whole + b"more")


def test_many_empty_members_are_refused_before_they_cost_anything() -> None:
    empty = gzip.compress(b"")
    began = process_time()
    with pytest.raises(SuspiciousRatio):
        inflate(empty * (10 * 1024 * 1024 // len(empty)))
    assert process_time() - began < 1
    assert inflate(empty * MEMBERS) == b""


def test_the_rest_of_a_body_is_not_copied_for_each_member() -> None:
    body = gzip.compress(b"") * (MEMBERS - 1) + gzip.compress(os.urandom(9_000_000))
    began = process_time()
    inflate(body)
    assert process_time() - began < 2
