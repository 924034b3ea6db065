"""API keys and recovery codes: their form, their strength, their digests."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.api_keys import text
from tenants.principals import Mode
from tenants.recovery_codes import codes


@pytest.mark.attack(31)
@pytest.mark.parametrize("mode", list(Mode))
def test_a_key_has_the_documented_form(mode: Mode) -> None:
    key = text.new_key(mode)
    assert re.fullmatch(r"silta_[LT][0-9A-Za-z]{33}[0-9A-Za-z]{6}", key)
    assert key[6] == {"live": "L", "test": "T"}[mode]
    assert text.is_well_formed(key)
    assert len(text.digest_of(key)) == 32


@pytest.mark.attack(31)
@given(position=st.integers(0, 45), letter=st.sampled_from("0aZ_- é"))
def test_one_wrong_character_is_noticed_without_the_database(position: int, letter: str) -> None:
    key = "silta_L" + "a1B2c3D4e5" * 3 + "xyz"
    key += text.checksum(key[6:])
    typo = key[:position] + letter + key[position + 1 :]
    assert text.is_well_formed(typo) == (typo == key)


@pytest.mark.parametrize("raw", ["", "silta_", "silta_L" + "a" * 39, "x" * 46, "silta_" + "é" * 40])
def test_what_is_no_key_is_not_well_formed(raw: str) -> None:
    assert not text.is_well_formed(raw)


def test_keys_do_not_repeat() -> None:
    assert len({text.new_key(Mode.LIVE) for _ in range(1000)}) == 1000


def test_the_hint_gives_only_four_characters_away() -> None:
    key = text.new_key(Mode.TEST)
    assert len(text.hint_of(key)) == 4
    assert text.hint_of(key) in key


@pytest.mark.attack(24)
def test_recovery_codes_have_112_bits_and_more() -> None:
    made = codes.new_codes()
    assert len(set(made)) == 10
    for code in made:
        symbols = code.replace("-", "")
        assert len(symbols) * 5 >= 112
        assert set(symbols) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


@pytest.mark.parametrize("typed", ["01ABC-DEFGH", "o1abc defgh", "Oiabc–defgh", " 0labcDEFGH "])
def test_a_code_is_the_same_however_it_is_typed(typed: str) -> None:
    assert codes.digest_of(typed) == codes.digest_of("01ABCDEFGH")
