"""Invoices: those in use, those that are held for the law, one of them."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from connector.http.console.documents.forms import BillForm
from connector.http.console.records.facts import (
    invoice_facts,
    invoice_lines,
    newest_first,
    payment_lines,
    row_lines,
)
from connector.http.console.records.listing import page_of, pager_of
from connector.http.console.records.origins import account_names
from connector.http.console.records.owners import owner_of
from connector.http.console.records.recipients import recipients
from connector.invoices.shelf import INVOICES
from connector.invoices.view import view_invoice
from connector.outgoing.bill_invoice import bill_invoice, billed_as, can_be_billed
from connector.synced.columns import RecordState
from connector.synced.read import find_record
from privacy.core.errors import Invalid
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission, allows

invoices = Blueprint("invoices", __name__, url_prefix="/invoices")


@invoices.get("")
@requires(Permission.INVOICES_READ)
def index() -> str:
    """The latest change first; what came together, by its date."""
    held = request.args.get("held") == "1"
    with work_of_caller() as work:
        page = page_of(work, INVOICES, held=held)
        to = recipients(work, page.records)
    more = {"held": "1"} if held else {}
    return render_template(
        "records/invoices.html",
        invoices=[invoice_facts(view, to.get(view.id, "")) for view in newest_first(page.records)],
        held=held,
        own_bills=any(view.id in to and not view.record.customer for view in page.records),
        **pager_of("invoices.index", page, **more),
    )


@invoices.get("/<uuid:invoice_id>")
@requires(Permission.INVOICES_READ)
def show(invoice_id: uuid.UUID) -> str:
    """One invoice with its payments."""
    return _show(invoice_id, BillForm())


@invoices.post("/<uuid:invoice_id>/bill")
@requires(Permission.ACCOUNTS_WRITE)
def bill(invoice_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Charge it on as a sales invoice, once however often it is clicked."""
    form, vault = BillForm.posted(), services().vault
    try:
        with work_of_caller() as work:
            view = find_record(work, vault=vault, shelf=INVOICES, record_id=invoice_id)
            books = can_be_billed(work, view.account_id)
            form.offer(books)
            if not form.accepts():
                raise Invalid
            billing = form.billing(books)
            bill_invoice(work, vault=vault, invoice_id=invoice_id, billing=billing)
    except Invalid as refusal:
        if refusal.details:
            form.blame(refusal)
        return _show(invoice_id, form), int(refusal.status)
    flash("A sales invoice of it is sent, once, in the background.", "good")
    return redirect(url_for("documents.index"))


def _show(invoice_id: uuid.UUID, form: BillForm) -> str:
    with work_of_caller() as work:
        view, payments = view_invoice(work, vault=services().vault, invoice_id=invoice_id)
        names, owner = account_names(work), owner_of(work, view, view.record.customer)
        to = recipients(work, [view]).get(view.id, "")
        books, billed = can_be_billed(work, view.account_id), billed_as(work, invoice_id)
    form.offer(books)
    may_bill = allows(caller(), Permission.ACCOUNTS_WRITE)
    return render_template(
        "records/invoice.html",
        invoice=invoice_facts(view, to),
        facts=invoice_lines(view, names, to),
        rows=row_lines(view.record),
        payments=payment_lines(payments),
        owner=owner,
        form=form,
        billed=billed,
        may_bill=may_bill and bool(books) and not billed and view.state is RecordState.LIVING,
    )
