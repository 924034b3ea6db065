"""What an accounting and a cloud system brought, for pages to look at."""

from datetime import date, timedelta
from decimal import Decimal

from connector.accounts.kinds import AccountKind
from connector.synced.shapes import (
    Invoice,
    InvoiceLine,
    Payer,
    Payment,
    Product,
    RecordKind,
    Subscription,
)
from privacy.core import clock
from tests.database.records.books import Books, a_contact, an_account, received
from tests.tenancies import Tenancy

_COMPANIES = ("Fjell AS", "Salmi Oy", "Harbour & Sons", "Lantern Books GmbH", "Ferry Line AB")


def fill_books(tenancy: Tenancy) -> None:
    """Five customers with invoices, payments and subscriptions; their numbers call, too."""
    account = an_account(tenancy, AccountKind.MICROSOFT)

    def books(kind: RecordKind) -> Books:
        return Books(tenancy, account, kind, stream=kind.value)

    for n, name in enumerate(_COMPANIES):
        contact = a_contact(
            name=name,
            contact_person=f"Robin Example {n}",
            phones=(f"+1202555{130 + n:04}",),
            emails=(f"robin{n}@example.com", f"office{n}@example.com"),
            vat_id="FI20774741" if n == 2 else "FI20774740",
        )
        books(RecordKind.CONTACTS).save(received(str(n), contact))
        books(RecordKind.INVOICES).save(received(str(n), _invoice(n, name)))
        payment = Payment(invoice=str(n), paid=date(2026, 11, 9), amount=Decimal(40))
        books(RecordKind.PAYMENTS).save(received(str(n), payment))
        subscription = Subscription(
            customer=str(n), product_name="Office suite", quantity=Decimal(25), unit="licences"
        )
        books(RecordKind.SUBSCRIPTIONS).save(received(str(n), subscription))
    books(RecordKind.INVOICES).remove("4")
    product = Product(name="Hour of advice", unit="h", unit_price=Decimal(90), currency="EUR")
    books(RecordKind.PRODUCTS).save(received("1", product))


def _invoice(n: int, customer: str) -> Invoice:
    dated = clock.now().date() - timedelta(days=n)
    return Invoice(
        number=f"2026-{100 + n}",
        dated=dated,
        due=dated + timedelta(days=14),
        customer=str(n),
        customer_name=customer,
        currency="EUR",
        total=Decimal("1240.50") + n,
        open_amount=Decimal("1200.50") + n,
        status="open",
        payer=Payer(name=customer, reference="1234561"),
        lines=(InvoiceLine(text="Licences", quantity=Decimal(25), unit_price=Decimal("49.62")),),
    )
