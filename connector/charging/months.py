"""What a month's calls cost each customer, and the one sales invoice that becomes of it."""

import calendar
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from sqlalchemy import func, select, text

from connector.calls.keeping import kept_days
from connector.calls.models import CallTally
from connector.charging.count import Cell, Counted, Used, count_day
from connector.charging.models import UsageDay
from connector.charging.moved import BilledToAnother, billed_to_another
from connector.charging.payers import payers
from connector.charging.prices import Prices, Rule, prices_on
from connector.contacts.shelf import CONTACTS
from connector.outgoing.charges import Charge, ChargeLine, bill_charge
from connector.outgoing.models import OutgoingDocument
from connector.outgoing.request import Requested
from connector.synced.read import find_record
from privacy.core.db.locks import AdvisoryLock
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict, Invalid, NotFound
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring

_CENT: Final = Decimal("0.01")
_NONE: Final = Used(0, 0)
_TURN: Final = text("SELECT pg_advisory_xact_lock(:lock, hashtext(:one))")
DIRECTIONS: Final = {"inbound": "Calls in", "outbound": "Calls out", "internal": "Internal calls"}


class MonthNotOver(Conflict):
    """More calls can come."""

    code = "month_not_over"
    message = "This month is not over. Its calls can be billed from the first of the next on."


class NotPriced(Conflict):
    """Nobody said what some of its calls cost."""

    code = "not_priced"
    message = "Some of these calls have no price. Save one for them first; it can be 0."


class NothingToBill(Conflict):
    """No calls, or none that cost anything."""

    code = "nothing_to_bill"
    message = "There is nothing to bill for this customer in this month."


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month in UTC."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Month":
        """`2026-10`. Raises Invalid."""
        try:
            first = date.fromisoformat(f"{text}-01")
        except ValueError:
            first = date.min
        # The calendar has a month before it and one after it.
        if not date.min.year < first.year < date.max.year:
            raise Invalid(fields={"month": "Write a month like 2026-10."})
        return cls(first.year, first.month)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, self.number, calendar.monthrange(self.year, self.number)[1])

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"


@dataclass(frozen=True, slots=True)
class PricedLine:
    """Calls of one direction and destination, with the rule that prices them; None: it has none."""

    direction: str
    country: str
    used: Used
    rule: Rule | None

    @property
    def minutes(self) -> Decimal:
        """Spoken, to the hundredth, from whole seconds."""
        return (Decimal(self.used.seconds) / 60).quantize(_CENT, ROUND_HALF_UP)

    @property
    def amount(self) -> Decimal:
        """Without tax, to the cent."""
        if self.rule is None:
            return Decimal(0)
        calls = self.rule.per_call * self.used.calls
        return (calls + self.rule.per_minute * self.minutes).quantize(_CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class CustomerCharge:
    """What one customer would owe. `billed`: the document that it has become already."""

    contact_id: uuid.UUID
    lines: tuple[PricedLine, ...]
    billed: OutgoingDocument | None

    @property
    def amount(self) -> Decimal:
        """Without tax."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def priced(self) -> bool:
        """Whether each line has a price."""
        return all(line.rule is not None for line in self.lines)


@dataclass(frozen=True, slots=True)
class Preview:
    """A month. `unpaid`: calls of systems that nobody pays for; `uncounted`: calls whose day ended
    before they were counted, which are billed to nobody."""

    month: Month
    prices: Prices | None
    customers: tuple[CustomerCharge, ...]
    unpaid: int
    uncounted: int
    over: bool = field(default=False)


def preview_charges(work: UnitOfWork, *, vault: Keyring, month: Month) -> Preview:
    """What a month's calls cost, from counts of ended days and the calls of living ones."""
    prices, paying = prices_on(work, month.first), payers(work)
    used, uncounted = _usage(work, vault, month)
    owed: dict[uuid.UUID, dict[tuple[str, str], Used]] = {}
    unpaid = 0
    for cell, each in used.items():
        contact_id = paying.get(cell.account_id)
        if contact_id is None:
            unpaid += each.calls
            continue
        rows = owed.setdefault(contact_id, {})
        rule = prices.rule_for(cell.direction, cell.country) if prices else None
        key = (cell.direction, rule.country if rule else cell.country)
        rows[key] = rows.get(key, _NONE) + each
    customers = tuple(
        CustomerCharge(
            contact_id, _lines(prices, owed[contact_id]), billed_as(work, month, contact_id)
        )
        for contact_id in sorted(owed)
    )
    return Preview(month, prices, customers, unpaid, uncounted, work.today > month.last)


def bill_month(
    work: UnitOfWork, *, vault: Keyring, month: Month, contact_id: uuid.UUID
) -> Requested:
    """Have a month's calls of one customer invoiced, once: whoever asks again gets the same
    document, whatever has come since.

    Raises:
        MonthNotOver, NotPriced, NothingToBill, BilledToAnother.
        NotFound: the customer pays for no system, or is gone from the books.
    """
    # Who ask at once go one after the other: two customers can have had the same system.
    work.connection.execute(_TURN, {"lock": int(AdvisoryLock.CHARGES), "one": str(work.tenant_id)})
    known = billed_as(work, month, contact_id)
    if known is not None:
        return Requested(known.id, known.state, known.external_id)
    preview = preview_charges(work, vault=vault, month=month)
    if not preview.over:
        raise MonthNotOver
    if contact_id not in set(payers(work).values()):
        raise NotFound
    charge = next((one for one in preview.customers if one.contact_id == contact_id), None)
    if charge is None or preview.prices is None:
        raise NothingToBill if charge is None else NotPriced
    if not charge.priced:
        raise NotPriced
    if billed_to_another(work, prefix=f"charge:calls:{month}:", contact_id=contact_id):
        raise BilledToAnother
    return _bill(work, vault, month, preview.prices, charge)


def _bill(
    work: UnitOfWork, vault: Keyring, month: Month, prices: Prices, owed: CustomerCharge
) -> Requested:
    view = find_record(work, vault=vault, shelf=CONTACTS, record_id=owed.contact_id)
    lines = tuple(line for one in owed.lines for line in _invoice_lines(prices, one))
    if not lines or view.account_id is None:
        raise NothingToBill
    charge = Charge(
        source=_source(month, owed.contact_id),
        customer=view.external_id,
        since=month.first,
        until=month.last,
        lines=lines,
        dated=work.today,
        currency=prices.currency,
    )
    made = bill_charge(work, vault=vault, account_id=view.account_id, charge=charge)
    calls = sum(line.used.calls for line in owed.lines)
    facts: dict[str, str | int] = {"month": str(month), "calls": calls}
    record(work, Event.CALLS_CHARGED, subject=made.id, facts=facts)
    return made


def billed_as(work: UnitOfWork, month: Month, contact_id: uuid.UUID) -> OutgoingDocument | None:
    """What a customer's month has become already."""
    found: OutgoingDocument | None = work.session.scalar(
        select(OutgoingDocument).where(
            OutgoingDocument.reference == f"charge:{_source(month, contact_id)}"
        )
    )
    return found


def _source(month: Month, contact_id: uuid.UUID) -> str:
    return f"calls:{month}:{contact_id}"


def _lines(prices: Prices | None, used: Mapping[tuple[str, str], Used]) -> tuple[PricedLine, ...]:
    return tuple(
        PricedLine(
            way, country, used[way, country], prices.rule_for(way, country) if prices else None
        )
        for way, country in sorted(used)
    )


def _invoice_lines(prices: Prices, line: PricedLine) -> list[ChargeLine]:
    rule = line.rule
    if rule is None:
        return []
    name = f"{DIRECTIONS[line.direction]} {line.country}".rstrip()
    parts = (
        (f"{name}, calls", Decimal(line.used.calls), rule.per_call),
        (f"{name}, minutes", line.minutes, rule.per_minute),
    )
    return [
        ChargeLine(
            code=prices.product_code,
            name=text,
            quantity=quantity,
            unit_price=price,
            vat_percent=prices.vat_percent,
            vat_code=prices.vat_code,
        )
        for text, quantity, price in parts
        if price and quantity
    ]


def _usage(work: UnitOfWork, vault: Keyring, month: Month) -> tuple[Counted, int]:
    """What was used, and how many calls ended before they were counted."""
    rows = work.session.scalars(
        select(UsageDay).where(UsageDay.day.between(month.first, month.last))
    ).all()
    kept, counted = kept_days(work), {row.day for row in rows}
    used: Counted = {}
    for row in rows:
        cell = Cell(row.account_id, row.direction, row.country)
        used[cell] = used.get(cell, _NONE) + Used(row.calls, row.seconds)
    day, last = max(month.first, kept.oldest), min(month.last, kept.today)
    while day <= last:
        if day not in counted:
            for cell, each in count_day(work, vault=vault, day=day).items():
                used[cell] = used.get(cell, _NONE) + each
        day += timedelta(days=1)
    came = work.session.scalar(
        select(func.coalesce(func.sum(CallTally.calls), 0)).where(
            CallTally.day.between(month.first, month.last)
        )
    )
    return used, max(0, int(came or 0) - sum(each.calls for each in used.values()))
