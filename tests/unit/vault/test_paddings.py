from collections import Counter
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.vault import sealing
from privacy.vault.meanings import Place
from privacy.vault.paddings import STEP, pad, unpad
from tests.unit.vault.keys import day_key


@given(st.binary(max_size=200))
def test_what_is_padded_comes_back(text: bytes) -> None:
    assert unpad(pad(text)) == text
    assert len(pad(text)) % STEP == 0
    assert 1 <= len(pad(text)) - len(text) <= STEP


@given(st.binary(max_size=40), st.integers(0, 70))
def test_trailing_marks_and_zeros_are_content(text: bytes, zeros: int) -> None:
    tricky = text + b"\x80" + bytes(zeros)
    assert unpad(pad(tricky)) == tricky


@pytest.mark.parametrize(
    "broken", [b"", bytes(32), b"\x01" * 32, b"x" * 31 + b"\x00", b"a\x80X", b"\x80\x01"]
)
def test_no_padding_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        unpad(broken)


@pytest.mark.attack(17)
def test_lengths_come_in_steps_and_are_shared_by_many() -> None:
    key, place = day_key(), Place("call", uuid4(), "calls", "body")
    sizes = Counter(len(sealing.seal(key, place.row(b"1"), bytes(length))) for length in range(256))
    assert all((size - sealing._TEXT_AT - sealing.TAG_BYTES) % STEP == 0 for size in sizes)
    assert all(count == STEP for count in list(sizes.values())[1:-1])
