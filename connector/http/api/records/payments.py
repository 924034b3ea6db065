"""GET /api/v1/payments."""

import uuid

from flask import Response

from connector.http.api.answers import answer
from connector.http.api.operations import Operation, describes
from connector.http.api.records import examples
from connector.http.api.records.pages import IN_ORDER, HeldPageQuery, read_one, read_page
from connector.http.api.records.shapes import Payments, StoredPayment
from connector.http.api.records.shown import payment_of
from connector.payments.shelf import PAYMENTS
from privacy.core.errors import Invalid, NotFound
from tenants.http.access import requires
from tenants.permissions import Permission


@requires(Permission.INVOICES_READ)
@describes(
    Operation(
        id="listPayments",
        summary="List payments",
        description=(
            "Payments of invoices as the connected system has them. One that is gone there is "
            f"held as long as the law obliges to, and listed with `held=true` alone. {IN_ORDER}"
        ),
        tag="invoices",
        query=HeldPageQuery,
        answer=Payments,
        example={"payments": [examples.PAYMENT], "next_cursor": None},
        problems=(Invalid,),
        mode=True,
    )
)
def list_all() -> Response:
    """A page of payments."""
    page = read_page(PAYMENTS, HeldPageQuery)
    return answer(Payments([payment_of(view) for view in page.records], page.next_cursor))


@requires(Permission.INVOICES_READ)
@describes(
    Operation(
        id="readPayment",
        summary="Read one payment",
        description="A payment by its id. One that is gone, never was or is another tenant's is "
        "404.",
        tag="invoices",
        path={"payment_id": "The payment's id."},
        answer=StoredPayment,
        example=examples.PAYMENT,
        problems=(NotFound,),
        mode=True,
    )
)
def read(payment_id: uuid.UUID) -> Response:
    """One payment."""
    return answer(payment_of(read_one(PAYMENTS, payment_id)))
