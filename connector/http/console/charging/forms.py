"""Forms of call charges."""

from datetime import date
from decimal import Decimal
from typing import Final

from wtforms import DateField, DecimalField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from connector.charging.prices import Prices, Rule, decimal_of
from privacy.core.errors import Invalid
from tenants.http.forms import Sheet

_OFF: Final = {"autocomplete": "off"}
_SHORT: Final = Length(max=100, message="Use up to 100 characters.")
_PARTS: Final = (3, 4)


class PricesForm(Sheet):
    """A price list."""

    valid_from = DateField("Counts from", [InputRequired("Choose a day.")])
    currency = StringField(
        "Currency", [InputRequired("Enter a currency."), _SHORT], default="EUR", render_kw=_OFF
    )
    vat_percent = DecimalField(
        "VAT %",
        [
            InputRequired("Enter a percentage, 0 for none."),
            NumberRange(0, 100, "Enter a percentage between 0 and 100."),
        ],
        default=Decimal("25.5"),
        places=None,
        render_kw=_OFF | {"inputmode": "decimal"},
    )
    vat_code = StringField(
        "VAT code in the books",
        [_SHORT],
        description="Empty: KOMY, a domestic sale; NONE at 0 %.",
        render_kw=_OFF,
    )
    product_code = StringField(
        "Product code in the books",
        [InputRequired("Enter a product code."), _SHORT],
        render_kw=_OFF,
    )
    rules = TextAreaField(
        "Prices",
        [InputRequired("Enter a price."), Length(max=20_000, message="This is too long.")],
        description="One on a line: direction (inbound, outbound, internal), how the number begins "
        "(+358, +35840) or nothing, the price of a call, the price of a minute; without tax. The "
        "longest beginning counts. For example “outbound +358 0.02 0.05”.",
        render_kw={"rows": 6, "class": "mono", **_OFF},
    )

    def prices(self) -> Prices:
        """What was entered. Raises Invalid."""
        lines = [line.split() for line in (self.rules.data or "").splitlines() if line.strip()]
        return Prices(
            valid_from=self.valid_from.data,
            currency=(self.currency.data or "").strip().upper(),
            vat_percent=self.vat_percent.data,
            product_code=(self.product_code.data or "").strip(),
            rules=tuple(map(_rule, lines)),
            vat_code=(self.vat_code.data or "").strip().upper(),
        )


class PayerForm(Sheet):
    """Who pays for a system."""

    account_id = SelectField("System", [InputRequired("Choose a system.")])
    customer_number = StringField(
        "Customer number in the books",
        [_SHORT],
        description="Of a company. Empty: nobody pays for its calls.",
        render_kw=_OFF,
    )


class BillForm(Sheet):
    """Which month of which customer."""

    month = HiddenField()
    contact_id = HiddenField()


def filled(prices: Prices | None, today: date) -> dict[str, object]:
    """The latest list, to change."""
    if prices is None:
        return {"valid_from": today.replace(day=1)}
    return {
        "valid_from": prices.valid_from,
        "currency": prices.currency,
        "vat_percent": prices.vat_percent,
        "vat_code": prices.vat_code,
        "product_code": prices.product_code,
        "rules": "\n".join(_line(rule) for rule in prices.rules),
    }


def _line(rule: Rule) -> str:
    parts = (rule.direction, rule.country, f"{rule.per_call:f}", f"{rule.per_minute:f}")
    return " ".join(part for part in parts if part)


def _rule(parts: list[str]) -> Rule:
    if len(parts) not in _PARTS:
        raise Invalid(fields={"rules": "A line has a direction, perhaps a beginning, two prices."})
    country = parts[1] if len(parts) == _PARTS[1] else ""
    return Rule(parts[0].lower(), country, decimal_of(parts[-2]), decimal_of(parts[-1]))
