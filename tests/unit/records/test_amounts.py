"""Amounts as pages write them, nonsense too (ATTACK 55)."""

from decimal import Decimal

import pytest

from connector.http.console.records.lines import amount, number


@pytest.mark.attack(55)
@pytest.mark.parametrize("text", ["1E+999999999", "-1E-999999999", "1E+30", "NaN"])
def test_an_amount_that_is_none_fills_no_memory(text: str) -> None:
    assert len(amount(Decimal(text), "EUR")) < 30
    assert len(number(Decimal(text), "pieces")) < 30


def test_amounts() -> None:
    assert amount(Decimal("1234.5"), "EUR") == "1\u202f234.50\u00a0EUR"
    assert amount(Decimal(0), "EUR") == "0.00\u00a0EUR"
    assert amount(Decimal("0.000001")) == "0.000001"
