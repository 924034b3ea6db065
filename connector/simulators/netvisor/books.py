"""What the simulated company has in its books. One request at a time changes them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

Group = dict[str, str]


@dataclass(slots=True)
class CustomerEntry:
    """Groups of elements by their names in lower case, as requests send them."""

    key: int
    modified_at: datetime
    groups: dict[str, Group]

    def said(self, name: str, group: str = "customerbaseinformation") -> str:
        """A value; empty when there is none."""
        return self.groups.get(group, {}).get(name, "")


@dataclass(slots=True)
class ProductEntry:
    """A product and its price without tax."""

    key: int
    modified_at: datetime
    code: str
    name: str
    price: Decimal
    vat_percent: Decimal


@dataclass(slots=True)
class LineEntry:
    """A line with a product, or with a comment alone."""

    code: str = ""
    name: str = ""
    price: Decimal = Decimal(0)
    vat_percent: Decimal = Decimal(0)
    vat_code: str = "KOMY"
    quantity: Decimal = Decimal(0)
    text: str = ""
    comment: str = ""

    @property
    def net(self) -> Decimal:
        """Without tax, to the cent."""
        return (self.price * self.quantity).quantize(Decimal("0.01"))

    @property
    def vat(self) -> Decimal:
        """The tax, to the cent."""
        return (self.net * self.vat_percent / 100).quantize(Decimal("0.01"))


@dataclass(slots=True)
class InvoiceEntry:
    """A sales invoice."""

    key: int
    modified_at: datetime
    customer_key: int
    number: int
    dated: date
    due: date
    payment_days: int
    status: str
    lines: list[LineEntry]
    texts: Group = field(default_factory=dict)
    unpaid: Decimal = Decimal(0)

    @property
    def amount(self) -> Decimal:
        """All lines with tax."""
        return sum((line.net + line.vat for line in self.lines), Decimal(0))


@dataclass(slots=True)
class PaymentEntry:
    """Money for an invoice."""

    key: int
    modified_at: datetime
    invoice_number: int
    payer: str
    paid_on: date
    amount: Decimal


@dataclass(slots=True)
class Books:
    """All of it, by key; `next_key` is common to all kinds."""

    customers: dict[int, CustomerEntry] = field(default_factory=dict)
    products: dict[int, ProductEntry] = field(default_factory=dict)
    invoices: dict[int, InvoiceEntry] = field(default_factory=dict)
    payments: dict[int, PaymentEntry] = field(default_factory=dict)
    deleted_invoices: dict[int, datetime] = field(default_factory=dict)
    next_key: int = 1

    def new_key(self) -> int:
        """A key that nothing has had."""
        key = self.next_key
        self.next_key += 1
        return key

    def delete_invoice(self, key: int, moment: datetime) -> None:
        """As a bookkeeper would do it."""
        del self.invoices[key]
        self.deleted_invoices[key] = moment
