"""The form that charges an invoice on."""

from decimal import Decimal
from typing import Final

from wtforms import DecimalField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from connector.accounts.models import ConnectorAccount
from connector.outgoing.bill_invoice import Billing
from connector.outgoing.book_contact import Booking
from tenants.http.forms import Sheet

_SHORT: Final = Length(max=100, message="Use up to 100 characters.")
_OFF: Final = {"autocomplete": "off"}


class BookForm(Sheet):
    """Which books a contact is brought into, and under which number."""

    account_id = SelectField("Books", [InputRequired("Choose the books.")])
    code = StringField(
        "Customer number in those books",
        [InputRequired("Enter the customer’s number."), _SHORT],
        render_kw=_OFF,
    )

    def offer(self, books: list[ConnectorAccount]) -> None:
        """The books that can take it."""
        self.account_id.choices = [(str(row.id), row.name) for row in books]

    def booking(self, books: list[ConnectorAccount]) -> Booking:
        """What was entered."""
        chosen = {str(row.id): row.id for row in books}[self.account_id.data]
        return Booking(chosen, self.code.data)


class BillForm(Sheet):
    """Which books, which customer there, as which product."""

    account_id = SelectField("Books", [InputRequired("Choose the books.")])
    customer_code = StringField(
        "Customer number in those books",
        [InputRequired("Enter the customer’s number."), _SHORT],
        render_kw=_OFF,
    )
    product_code = StringField(
        "Product code in those books",
        [InputRequired("Enter a product code."), _SHORT],
        render_kw=_OFF,
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
        "VAT code in those books",
        [_SHORT],
        description="Empty: KOMY, a domestic sale; NONE at 0 %.",
        render_kw=_OFF,
    )

    def offer(self, books: list[ConnectorAccount]) -> None:
        """The books that can take it."""
        self.account_id.choices = [(str(row.id), row.name) for row in books]

    def billing(self, books: list[ConnectorAccount]) -> Billing:
        """What was entered."""
        chosen = {str(row.id): row.id for row in books}[self.account_id.data]
        return Billing(
            chosen,
            self.customer_code.data,
            self.product_code.data,
            self.vat_percent.data,
            (self.vat_code.data or "").strip().upper(),
        )
