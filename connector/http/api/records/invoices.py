"""GET /api/v1/invoices."""

import uuid

from flask import Response

from connector.http.api.answers import answer
from connector.http.api.operations import Operation, describes
from connector.http.api.records import examples
from connector.http.api.records.pages import IN_ORDER, HeldPageQuery, read_page
from connector.http.api.records.shapes import Invoices, StoredInvoice
from connector.http.api.records.shown import invoice_of
from connector.invoices.shelf import INVOICES
from connector.invoices.view import view_invoice
from privacy.core.errors import Invalid, NotFound
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission
from tenants.principals import Mode


@requires(Permission.INVOICES_READ)
@describes(
    Operation(
        id="listInvoices",
        summary="List invoices",
        description=(
            "Sales invoices as the connected system has them. An invoice that is gone there is "
            f"held as long as the law obliges to, and listed with `held=true` alone. {IN_ORDER}"
        ),
        tag="invoices",
        query=HeldPageQuery,
        answer=Invoices,
        example={"invoices": [examples.INVOICE], "next_cursor": None},
        problems=(Invalid,),
        mode=True,
    )
)
def list_all() -> Response:
    """A page of invoices."""
    page = read_page(INVOICES, HeldPageQuery)
    return answer(Invoices([invoice_of(view) for view in page.records], page.next_cursor))


@requires(Permission.INVOICES_READ)
@describes(
    Operation(
        id="readInvoice",
        summary="Read one invoice",
        description="An invoice by its id, with its payments. One that is gone, never was or is "
        "another tenant's is 404.",
        tag="invoices",
        path={"invoice_id": "The invoice's id."},
        answer=StoredInvoice,
        example=examples.INVOICE,
        problems=(NotFound,),
        mode=True,
    )
)
def read(invoice_id: uuid.UUID) -> Response:
    """One invoice."""
    if caller().mode is Mode.TEST:
        raise NotFound
    with work_of_caller() as work:
        view, payments = view_invoice(work, vault=services().vault, invoice_id=invoice_id)
    return answer(invoice_of(view, payments))
