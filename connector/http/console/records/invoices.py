"""Invoices: those in use, those that are held for the law, one of them."""

import uuid

from flask import Blueprint, render_template, request

from connector.http.console.records.facts import (
    invoice_facts,
    invoice_lines,
    payment_lines,
    row_lines,
)
from connector.http.console.records.listing import page_of, pager_of
from connector.http.console.records.origins import account_names
from connector.http.console.records.owners import owner_of
from connector.invoices.shelf import INVOICES
from connector.invoices.view import view_invoice
from tenants.http.access import requires
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission

invoices = Blueprint("invoices", __name__, url_prefix="/invoices")


@invoices.get("")
@requires(Permission.INVOICES_READ)
def index() -> str:
    """The latest change first."""
    held = request.args.get("held") == "1"
    with work_of_caller() as work:
        page = page_of(work, INVOICES, held=held)
    more = {"held": "1"} if held else {}
    return render_template(
        "records/invoices.html",
        invoices=[invoice_facts(view) for view in page.records],
        held=held,
        **pager_of("invoices.index", page, **more),
    )


@invoices.get("/<uuid:invoice_id>")
@requires(Permission.INVOICES_READ)
def show(invoice_id: uuid.UUID) -> str:
    """One invoice with its payments."""
    with work_of_caller() as work:
        view, payments = view_invoice(work, vault=services().vault, invoice_id=invoice_id)
        names, owner = account_names(work), owner_of(work, view, view.record.customer)
    return render_template(
        "records/invoice.html",
        invoice=invoice_facts(view),
        facts=invoice_lines(view, names),
        rows=row_lines(view.record),
        payments=payment_lines(payments),
        owner=owner,
    )
