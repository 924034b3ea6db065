"""What is typed for prices and months, and what is not taken for one."""

from datetime import date
from decimal import Decimal

import pytest

from connector.charging.months import Month
from connector.charging.prices import Prices, Rule, decimal_of
from connector.http.console.charging.forms import filled
from privacy.core.errors import Invalid


@pytest.mark.parametrize("text", ["1_5", "٣", "1e2", "NaN", "inf", "", "1,234.50", "0x1", "9" * 19])
def test_what_is_no_price(text: str) -> None:
    with pytest.raises(Invalid):
        decimal_of(text)


def test_prices_as_people_write_them() -> None:
    assert [decimal_of(one) for one in (" 0,05 ", "12.5", "3")] == [
        Decimal("0.05"),
        Decimal("12.5"),
        Decimal(3),
    ]
    rule = Rule("inbound", "", Decimal("1E+2"), Decimal("0.000001"))
    listed = Prices(date(2026, 1, 1), "EUR", Decimal(0), "CALLS", (rule,))
    assert filled(listed, date(2026, 1, 1))["rules"] == "inbound 100 0.000001", "can be sent again"


@pytest.mark.parametrize("text", ["0001-01", "9999-12", "0000-01", "2026-13", "2026-W1", "26-01"])
def test_what_is_no_month(text: str) -> None:
    """The page has a link to the month before: of the first month there is none."""
    with pytest.raises(Invalid):
        Month.parse(text)
