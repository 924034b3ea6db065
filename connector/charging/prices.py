"""Price lists of a tenant: from a day on, by direction and country, per call and per minute."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import delete, select

from connector.calls.keeping import kept_days
from connector.charging.models import CallPriceList, UsageDay
from connector.outgoing.vat_codes import wrong_vat_code
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.core.ids import new_id
from privacy.ledger.events import Event
from privacy.ledger.record import record

DIRECTIONS: Final = ("inbound", "outbound", "internal")
MOST_RULES: Final = 300
DECIMALS: Final = 6
"""Places after the point that a price can have."""
LONGEST_PREFIX: Final = 6
"""Digits of a prefix: a country and an operator or area, far from a whole number."""
_PREFIX: Final = re.compile(rf"\+[1-9][0-9]{{0,{LONGEST_PREFIX - 1}}}")
_WRITTEN: Final = re.compile(r"-?[0-9]{1,18}([.,][0-9]{1,18})?")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_HIGHEST: Final = Decimal(1_000)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a call in this direction costs; with `country`, only calls out to numbers that begin so
    (`+358`, or closer: `+35840`)."""

    direction: str
    country: str
    per_call: Decimal
    per_minute: Decimal

    def stored(self) -> dict[str, Any]:
        """As JSON; prices as text, for numbers of JSON are not decimal."""
        return {
            "direction": self.direction,
            "country": self.country,
            "per_call": str(self.per_call),
            "per_minute": str(self.per_minute),
        }


@dataclass(frozen=True, slots=True)
class Prices:
    """A list as it counts from `valid_from` on. Prices are without tax.

    Args:
        product_code: the product in the books that rows of an invoice are of.
        vat_code: how the books call the tax treatment; empty: as they choose by the percentage.
    """

    valid_from: date
    currency: str
    vat_percent: Decimal
    product_code: str
    rules: tuple[Rule, ...]
    vat_code: str = ""

    @property
    def prefixes(self) -> frozenset[str]:
        """Beginnings of numbers that have a price of their own."""
        return frozenset(rule.country for rule in self.rules if rule.country)

    def rule_for(self, direction: str, destination: str) -> Rule | None:
        """The rule with the longest prefix that `destination` begins with, else that of the
        direction; None where calls have no price."""
        found = {(rule.direction, rule.country): rule for rule in self.rules}
        shorter = (destination[:end] for end in range(len(destination), -1, -1))
        return next((found[direction, one] for one in shorter if (direction, one) in found), None)

    def check(self) -> None:
        """Raise Invalid where something is wrong."""
        wrong = self._wrong_taxes()
        if not _CURRENCY.fullmatch(self.currency):
            wrong["currency"] = "Enter the three letters of a currency, like EUR."
        if not 1 <= len(self.product_code.strip()) <= 100:
            wrong["product_code"] = "Enter the code of a product in the books."
        if not 1 <= len(self.rules) <= MOST_RULES:
            wrong["rules"] = f"Enter 1 to {MOST_RULES} prices."
        elif len({(rule.direction, rule.country) for rule in self.rules}) < len(self.rules):
            wrong["rules"] = "A direction with a beginning stands there twice."
        elif not all(map(_usable, self.rules)):
            wrong["rules"] = (
                "A direction is inbound, outbound or internal, a beginning like +358 or +35840 "
                f"stands with outbound only, and a price has at most {DECIMALS} decimals."
            )
        if wrong:
            raise Invalid(fields=wrong)

    def _wrong_taxes(self) -> dict[str, str]:
        wrong: dict[str, str] = {}
        if not _price(self.vat_percent) or self.vat_percent > 100:
            wrong["vat_percent"] = "Enter a percentage between 0 and 100."
        elif complaint := wrong_vat_code(self.vat_code, self.vat_percent):
            wrong["vat_code"] = complaint
        return wrong


def _usable(rule: Rule) -> bool:
    known = rule.direction in DIRECTIONS
    placed = not rule.country or bool(
        rule.direction == "outbound" and _PREFIX.fullmatch(rule.country)
    )
    return known and placed and _price(rule.per_call) and _price(rule.per_minute)


def _price(price: Decimal) -> bool:
    if not price.is_finite() or not 0 <= price <= _HIGHEST:
        return False
    exponent = price.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -DECIMALS


def save_prices(work: UnitOfWork, *, prices: Prices) -> None:
    """Have them count from their day on; a list of the same day is replaced. Raises Invalid."""
    prices.check()
    before = prices_on(work, prices.valid_from)
    row = work.session.scalar(
        select(CallPriceList).where(CallPriceList.valid_from == prices.valid_from)
    )
    if row is None:
        row = CallPriceList(tenant_id=work.tenant_id, id=new_id(), valid_from=prices.valid_from)
        work.session.add(row)
    row.currency, row.vat_percent = prices.currency, prices.vat_percent
    row.product_code, row.vat_code = prices.product_code.strip(), prices.vat_code
    row.rules, row.saved_at = [rule.stored() for rule in prices.rules], work.now
    work.session.flush()
    if prices.prefixes != (before.prefixes if before else frozenset()):
        count_anew(work, since=prices.valid_from)
    facts: dict[str, str | int] = {"from": prices.valid_from.isoformat(), "of": len(row.rules)}
    record(work, Event.CALL_PRICES_SAVED, subject=row.id, facts=facts)


def count_anew(work: UnitOfWork, *, since: date) -> None:
    """Forget counts of days whose calls live: other beginnings of numbers have prices now, and by
    those their calls are counted again. Counts of ended days stay as they are."""
    oldest = max(since.replace(day=1), kept_days(work).oldest)
    work.session.execute(delete(UsageDay).where(UsageDay.day >= oldest))


def prices_on(work: UnitOfWork, day: date) -> Prices | None:
    """The list that counts on a day."""
    row = work.session.scalar(
        select(CallPriceList)
        .where(CallPriceList.valid_from <= day)
        .order_by(CallPriceList.valid_from.desc())
        .limit(1)
    )
    return None if row is None else _prices(row)


def list_prices(work: UnitOfWork) -> Sequence[tuple[uuid.UUID, Prices]]:
    """The latest lists first; a hundred at most."""
    rows = work.session.scalars(
        select(CallPriceList).order_by(CallPriceList.valid_from.desc()).limit(100)
    )
    return [(row.id, _prices(row)) for row in rows]


def decimal_of(text: str) -> Decimal:
    """A price as people write it, with a comma or a point. Raises Invalid: anything else, as
    `1_5` and `1e2`, which Python reads as numbers."""
    if _WRITTEN.fullmatch(text.strip()) is None:
        raise Invalid("This is not a price.", fields={"rules": "Enter prices like 0.05."})
    return Decimal(text.strip().replace(",", "."))


def _prices(row: CallPriceList) -> Prices:
    rules = tuple(
        Rule(one["direction"], one["country"], Decimal(one["per_call"]), Decimal(one["per_minute"]))
        for one in row.rules
    )
    return Prices(
        row.valid_from, row.currency, row.vat_percent, row.product_code, rules, row.vat_code
    )
