"""No cell is a formula, and every cell can be read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.calls.cells import from_cell, to_cell

_FORMULAS = [
    '=HYPERLINK("http://example.com","x")',
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\0=1",
    "＝1",
    "+1;=1",
    "+12025550123\n=1",
    "+1202555012x",
]


@pytest.mark.attack(50)
@pytest.mark.parametrize("text", _FORMULAS)
def test_formula_is_text_to_a_spreadsheet(text: str) -> None:
    assert to_cell(text) == f"'{text}"
    assert from_cell(to_cell(text)) == text


@pytest.mark.attack(50)
def test_number_stays_as_it_is() -> None:
    assert to_cell("+12025550123") == "+12025550123" == from_cell("+12025550123")


@given(st.text(min_size=1))
def test_every_text_round_trips(text: str) -> None:
    assert from_cell(to_cell(text)) == text


def test_none_and_empty_are_an_empty_cell() -> None:
    assert to_cell(None) == to_cell("") == ""
    assert from_cell("") is None
