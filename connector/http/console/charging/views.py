"""Call charges: what a month costs each customer, prices, who pays, and the invoice."""

import uuid
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from connector.charging.months import DIRECTIONS, Month, Preview, bill_month, preview_charges
from connector.charging.payers import payers, set_payer, systems_with_calls
from connector.charging.prices import list_prices, save_prices
from connector.contacts.shelf import CONTACTS
from connector.http.console.charging.forms import BillForm, PayerForm, PricesForm, filled
from connector.synced.read import find_record
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid, NotFound, SiltaError
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.choices import choices
from tenants.http.proofs import recently_authenticated
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission, allows

charging = Blueprint("charging", __name__, url_prefix="/call-charges")
Page = str | Response | tuple[str, int]


@charging.get("")
@requires(Permission.INVOICES_READ)
def show() -> str:
    """A month: the last one that is over, or the one in the address."""
    return _page()


@charging.post("/prices")
@requires(Permission.CHARGES_WRITE)
def prices() -> Page:
    """Have prices count from a day on."""
    form = PricesForm.posted()
    if not form.accepts():
        return _page(prices_form=form), 422
    try:
        with work_of_caller() as work:
            save_prices(work, prices=form.prices())
    except SiltaError as refusal:
        form.blame(refusal)
        return _page(prices_form=form), int(refusal.status)
    flash("The prices are saved.", "good")
    return redirect(url_for("charging.show"))


@charging.post("/payer")
@requires(Permission.CHARGES_WRITE)
def payer() -> Page:
    """Have a customer pay for a system's calls."""
    form = PayerForm.posted()
    try:
        with work_of_caller() as work:
            _offer(work, form)
            if not form.accepts():
                raise Invalid
            set_payer(
                work,
                vault=services().vault,
                account_id=uuid.UUID(form.account_id.data),
                customer_number=form.customer_number.data or "",
            )
    except Invalid as refusal:
        if refusal.details:
            form.blame(refusal)
        return _page(payer_form=form), int(refusal.status)
    flash("Saved.", "good")
    return redirect(url_for("charging.show"))


@charging.post("/bill")
@requires(Permission.CHARGES_WRITE)
@recently_authenticated
def bill() -> Response:
    """One sales invoice of one customer's month."""
    form = BillForm.posted()
    month, contact_id = Month.parse(form.month.data or ""), _id_in(form.contact_id.data)
    with work_of_caller() as work:
        bill_month(work, vault=services().vault, month=month, contact_id=contact_id)
    flash("A sales invoice of these calls is sent, once, in the background.", "good")
    return redirect(url_for("charging.show", month=str(month)))


def _page(prices_form: PricesForm | None = None, payer_form: PayerForm | None = None) -> str:
    vault = services().vault
    with work_of_caller() as work:
        month = _month(work)
        preview = preview_charges(work, vault=vault, month=month)
        names, paying = _names(work, preview), payers(work)
        systems = [(row.name, paying.get(row.id)) for row in systems_with_calls(work)]
        names |= _more_names(work, [one for _, one in systems if one and one not in names])
        latest = next(iter(list_prices(work)), None)
        offered = payer_form or PayerForm()
        _offer(work, offered)
        today = work.today
    current = latest[1] if latest else None
    return render_template(
        "charging/show.html",
        preview=preview,
        month=month,
        before=str(_before(month)),
        names=names,
        systems=systems,
        directions=DIRECTIONS,
        latest=current,
        prices_form=prices_form or PricesForm(**filled(current, today)),
        payer_form=offered,
        may_write=allows(caller(), Permission.CHARGES_WRITE),
    )


def _month(work: UnitOfWork) -> Month:
    asked = request.args.get("month")
    if asked:
        return Month.parse(asked)
    return _before(Month(work.today.year, work.today.month))


def _before(month: Month) -> Month:
    last = month.first - timedelta(days=1)
    return Month(last.year, last.month)


def _names(work: UnitOfWork, preview: Preview) -> dict[uuid.UUID, str]:
    return _more_names(work, [one.contact_id for one in preview.customers])


def _more_names(work: UnitOfWork, ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    found = {}
    for contact_id in ids:
        try:
            view = find_record(work, vault=services().vault, shelf=CONTACTS, record_id=contact_id)
        except NotFound:
            found[contact_id] = "a customer that is gone from the books"
        else:
            found[contact_id] = view.record.name
    return found


def _offer(work: UnitOfWork, form: PayerForm) -> None:
    form.account_id.choices = choices((str(row.id), row.name) for row in systems_with_calls(work))


def _id_in(text: str | None) -> uuid.UUID:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        raise NotFound from None
