"""A month's calls become one invoice of each customer, and hold nobody's number."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest
from sqlalchemy import text

from connector.accounts.kinds import AccountKind
from connector.accounts.refs import AccountRef
from connector.calls.ingest import ingest_calls
from connector.calls.shapes import IncomingCall
from connector.charging.count import count_days
from connector.charging.months import (
    Month,
    MonthNotOver,
    NothingToBill,
    NotPriced,
    Preview,
    bill_month,
    preview_charges,
)
from connector.charging.moved import BilledToAnother
from connector.charging.payers import payers, set_payer
from connector.charging.prices import Prices, Rule, save_prices
from connector.outgoing.contents import open_content
from connector.outgoing.models import OutgoingDocument
from connector.outgoing.request import Requested
from connector.outgoing.shapes import OutgoingInvoice, OutgoingLine
from connector.providers.netvisor.adding import invoice_draft
from connector.providers.sending import Attempt
from privacy.core import clock
from privacy.core.errors import Invalid, NotFound
from privacy.retention.partitions import ensure_partitions
from tests.database.records.books import Books, a_contact, an_account, received
from tests.tenancies import House, Tenancy

FINLAND, SWEDEN = "+358401234567", "+46313900601"
RULES = (
    Rule("outbound", "", Decimal("0.10"), Decimal("0.20")),
    Rule("outbound", "+46", Decimal("0.02"), Decimal("0.05")),
    Rule("inbound", "", Decimal(0), Decimal(0)),
)


def prices(*rules: Rule, valid_from: date = date(2020, 1, 1)) -> Prices:
    return Prices(valid_from, "EUR", Decimal("25.5"), "CALLS", rules or RULES)


def spoken(start: datetime, seconds: int, called: str, way: str = "outbound") -> IncomingCall:
    return IncomingCall(
        source_id=str(uuid.uuid4()),
        direction=way,  # type: ignore[arg-type]
        caller="+12025550143",
        called=called,
        started_at=start,
        answered_at=start + timedelta(seconds=5),
        ended_at=start + timedelta(seconds=5 + seconds),
    )


class Month_:  # noqa: N801 - beside the class of the product
    """Alice's exchange, her books with a customer, and the month that is over."""

    def __init__(self, house: House) -> None:
        self.house, self.alice = house, house.alice
        self.exchange = self.alice.account(AccountKind.FREESWITCH)
        books = Books(self.alice, an_account(self.alice))
        books.save(received("77", a_contact(code="C-17", is_person=False)))
        books.save(received("78", a_contact(code="P-1", is_person=True, vat_id="")))

    def send(self, *calls: IncomingCall, account: AccountRef | None = None) -> None:
        with self.alice.work() as work:
            ingest_calls(
                work, vault=self.alice.vault, account=account or self.exchange, calls=list(calls)
            )

    def pays(self, number: str = "C-17") -> uuid.UUID:
        with self.alice.work() as work:
            set_payer(
                work,
                vault=self.alice.vault,
                account_id=self.exchange.id,
                customer_number=number,
            )
            return payers(work)[self.exchange.id]

    def price(self, *rules: Rule) -> None:
        with self.alice.work() as work:
            save_prices(work, prices=prices(*rules))

    def count(self) -> int:
        with self.alice.work() as work:
            return count_days(work, vault=self.alice.vault)

    def preview(self, month: Month) -> Preview:
        with self.alice.work() as work:
            return preview_charges(work, vault=self.alice.vault, month=month)

    def bill(self, month: Month, contact_id: uuid.UUID, by: Tenancy | None = None) -> Requested:
        tenancy = by or self.alice
        with tenancy.work() as work:
            return bill_month(work, vault=tenancy.vault, month=month, contact_id=contact_id)


@pytest.fixture
def m(house: House) -> Month_:
    return Month_(house)


@pytest.fixture
def over() -> tuple[Month, datetime]:
    """A month whose first days have ended and whose last days live: today is the third of the
    next one."""
    real = datetime.now(UTC)
    start = (real.replace(day=1) + timedelta(days=32)).replace(
        day=1, hour=9, minute=0, second=0, microsecond=0
    )
    return Month(start.year, start.month), start


@pytest.fixture
def at(m: Month_, monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    def move(moment: datetime) -> None:
        monkeypatch.setattr(clock, "_offset", moment - datetime.now(UTC))
        ensure_partitions(m.house.installation.engines.owner, keep_days=30)

    return move


@pytest.mark.promise("B5")
def test_a_month_is_counted_before_its_days_end_and_billed_once(
    m: Month_, over: tuple[Month, datetime], at: Callable[[datetime], None]
) -> None:
    month, start = over
    at(start + timedelta(hours=3))
    contact_id = m.pays()
    m.price()
    m.send(
        spoken(start, 90, SWEDEN), spoken(start, 60, FINLAND), spoken(start, 600, "1", "inbound")
    )
    assert m.count() == 0, "the day is not over"
    assert [one.contact_id for one in m.preview(month).customers] == [contact_id], "seen at once"
    with pytest.raises(MonthNotOver):
        m.bill(month, contact_id)

    at(start + timedelta(days=1))
    assert m.count() == 1
    at(start + timedelta(days=10))
    m.send(spoken(start, 31, SWEDEN), spoken(start + timedelta(days=9), 30, SWEDEN))
    assert m.count() == 2, "what came late is counted again"
    assert m.count() == 1, "a day of the last three is looked at again, the others are not"
    following = date(start.year + start.month // 12, start.month % 12 + 1, 3)
    at(datetime(*following.timetuple()[:3], 12, tzinfo=UTC))
    found = m.preview(month)
    assert (found.over, found.unpaid, found.uncounted) == (True, 0, 0)
    (owed,) = found.customers
    told = [
        (one.direction, one.country, one.used.calls, one.minutes, one.amount) for one in owed.lines
    ]
    assert told == [
        ("inbound", "", 1, Decimal("10.00"), Decimal("0.00")),
        ("outbound", "", 1, Decimal("1.00"), Decimal("0.30")),
        ("outbound", "+46", 3, Decimal("2.52"), Decimal("0.19")),
    ]
    rows = str(list(m.house.rows("SELECT * FROM usage_days")))
    for number in ("12025550143", "401234567", "313900601"):
        assert number not in rows

    made = m.bill(month, contact_id)
    again = m.bill(month, contact_id)
    m.send(spoken(start + timedelta(days=9), 600, SWEDEN))
    assert m.bill(month, contact_id).id == again.id == made.id, "once, whatever has come since"
    with m.alice.work() as work:
        (row,) = work.session.query(OutgoingDocument).all()
        invoice = open_content(work, m.alice.vault, row)
    assert isinstance(invoice, OutgoingInvoice)
    assert (invoice.customer, invoice.currency, row.reference) == (
        "77",
        "EUR",
        f"charge:calls:{month}:{contact_id}",
    )
    assert [(one.product_name, one.quantity, one.unit_price) for one in invoice.lines] == [
        ("Calls out, calls", Decimal(1), Decimal("0.10")),
        ("Calls out, minutes", Decimal("1.00"), Decimal("0.20")),
        ("Calls out +46, calls", Decimal(3), Decimal("0.02")),
        ("Calls out +46, minutes", Decimal("2.52"), Decimal("0.05")),
    ]


@pytest.mark.attack(44)
def test_calls_are_billed_once_also_when_another_pays_from_then_on(
    m: Month_, over: tuple[Month, datetime], at: Callable[[datetime], None]
) -> None:
    month, start = over
    at(start + timedelta(hours=3))
    Books(m.alice, an_account(m.alice)).save(received("79", a_contact(code="C-19")))
    m.price()
    first = m.pays()
    m.send(spoken(start, 60, SWEDEN))
    at(start + timedelta(days=29))
    m.count()
    at(start + timedelta(days=32))
    second = m.pays("C-19")
    m.pays()
    m.bill(month, first)
    with m.alice.work() as work:
        set_payer(work, vault=m.alice.vault, account_id=m.exchange.id, customer_number="")
    assert m.pays("C-19") == second
    with pytest.raises(BilledToAnother):
        m.bill(month, second)
    other = m.alice.account(AccountKind.ASTERISK)
    with m.alice.work() as work:
        set_payer(work, vault=m.alice.vault, account_id=other.id, customer_number="C-19")
    m.pays()
    with pytest.raises(NothingToBill):
        m.bill(month, second)


@pytest.mark.attack(34)
def test_what_cannot_be_billed_says_why(
    m: Month_, over: tuple[Month, datetime], at: Callable[[datetime], None]
) -> None:
    month, start = over
    at(start + timedelta(hours=3))
    for number in ("P-1", "nobody's"):
        with pytest.raises(Invalid):
            m.pays(number)
    m.send(spoken(start, 60, SWEDEN))
    at(start + timedelta(days=32))
    assert m.preview(month).uncounted == 1, "its day ended before anybody counted"
    at(start + timedelta(days=29))
    assert m.preview(month).unpaid == 1
    contact_id = m.pays()
    at(start + timedelta(days=29))
    m.count()
    at(start + timedelta(days=32))
    with pytest.raises(NotPriced):
        m.bill(month, contact_id)
    m.price(Rule("inbound", "", Decimal(0), Decimal(0)))
    with pytest.raises(NotPriced):
        m.bill(month, contact_id)
    m.price(Rule("outbound", "", Decimal(0), Decimal(0)))
    with pytest.raises(NothingToBill):
        m.bill(month, contact_id)
    with pytest.raises(NothingToBill):
        m.bill(Month(2020, 1), contact_id)
    with pytest.raises(NotFound):
        m.bill(month, contact_id, by=m.house.charlie)
    for wrong in (
        Rule("sideways", "", Decimal(0), Decimal(0)),
        Rule("inbound", "+46", Decimal(0), Decimal(0)),
        Rule("outbound", "+4631390", Decimal(0), Decimal(0)),
        Rule("outbound", "", Decimal("0.0000001"), Decimal(0)),
        Rule("outbound", "", Decimal(-1), Decimal(0)),
        Rule("outbound", "", Decimal("NaN"), Decimal(0)),
    ):
        with pytest.raises(Invalid):
            m.price(wrong)
    for percent in ("NaN", "sNaN", "1e-99999", "Infinity", "-1", "101"):
        with pytest.raises(Invalid):
            replace(prices(), vat_percent=Decimal(percent)).check()
    with m.house.installation.superuser().connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM outgoing_documents")) == 0


@pytest.mark.promise("B5")
def test_the_longest_beginning_of_a_number_prices_a_call(
    m: Month_, over: tuple[Month, datetime], at: Callable[[datetime], None]
) -> None:
    month, start = over
    at(start + timedelta(hours=3))
    m.pays()
    m.price(Rule("outbound", "+358", Decimal("0.02"), Decimal(0)))
    short = "+35840123"
    m.send(
        spoken(start, 60, FINLAND),
        spoken(start, 60, "+358931581088"),
        spoken(start, 60, short),
        spoken(start, 60, SWEDEN),
    )
    at(start + timedelta(days=1))
    assert m.count() == 1
    closer = Rule("outbound", "+35840", Decimal("0.05"), Decimal(0))
    closest = Rule("outbound", "+358401", Decimal("0.07"), Decimal(0))
    dear = Rule("outbound", "+358", Decimal("0.02"), Decimal(0))
    m.price(dear, closer, closest)
    assert m.count() == 1, "by other beginnings the day is counted again while its calls live"

    def told() -> list[tuple[str, int, Decimal]]:
        (owed,) = m.preview(month).customers
        return [(one.country, one.used.calls, one.amount) for one in owed.lines]

    assert told() == [
        ("+358", 1, Decimal("0.02")),
        ("+35840", 1, Decimal("0.05")),
        ("+358401", 1, Decimal("0.07")),
        ("+46", 1, Decimal("0.00")),
    ], "of a short number too little would be left over"
    rows = str(list(m.house.rows("SELECT * FROM usage_days")))
    assert "401234" not in rows
    at(start + timedelta(days=32))
    m.price(dear)
    assert ("+358", 3, Decimal("0.06")) in told(), "what is counted closer costs what fits it"


def test_the_books_vat_code_goes_out_with_the_rows() -> None:
    listed = replace(prices(), vat_code="EUMY", vat_percent=Decimal(0))
    listed.check()
    replace(prices(), vat_code="KOMY").check()
    for code in ("no code", "NONE", "EUMY", "RAMY"):
        with pytest.raises(Invalid) as refusal:
            replace(prices(), vat_code=code).check()
        assert list(refusal.value.details["fields"]) == ["vat_code"]  # type: ignore[call-overload]
    line = OutgoingLine(
        product_code="CALLS",
        product_name="Calls",
        quantity=Decimal(1),
        unit_price=Decimal(1),
        vat_percent=Decimal(0),
        vat_code=listed.vat_code,
    )
    sent = OutgoingInvoice(customer="77", dated=date(2026, 11, 1), lines=(line, replace_code(line)))
    drafted = invoice_draft(sent, Attempt("SILTA-1", datetime.now(UTC), repeated=False))
    assert [one.vat_code for one in drafted.lines] == ["EUMY", "NONE"]


def replace_code(line: OutgoingLine) -> OutgoingLine:
    """The same, left to the percentage."""
    return msgspec.structs.replace(line, vat_code="")
