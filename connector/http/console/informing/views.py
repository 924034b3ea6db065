"""People to inform: who has not been told yet that we have their data (GDPR Art. 14)."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import SelectField
from wtforms.validators import InputRequired

from connector.http.console.informing.words import ALL, how_of
from connector.informing.decide import (
    decide_informing,
    inform_all_contacts,
    require_contact,
    require_system,
)
from connector.informing.find import people_to_inform
from connector.informing.words import WhoKind
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.choices import choices
from tenants.http.existing import existing
from tenants.http.forms import Sheet
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission, allows

informing = Blueprint("informing", __name__, url_prefix="/people-to-inform")


class HowForm(Sheet):
    """How they were informed, or why they need not be."""

    how = SelectField(
        "How, or why not", [InputRequired("Choose one.")], choices=choices(ALL.items())
    )


@informing.get("")
@requires(Permission.REQUESTS_READ)
def index() -> str:
    """Contacts that are due first, and each connected telephone system."""
    return _page(HowForm())


@informing.post("/contacts")
@requires(Permission.REQUESTS_WRITE)
def decide_all() -> str | Response:
    """All contacts that are left."""
    form = HowForm.posted()
    if not form.accepts():
        return _page(form)
    with work_of_caller() as work:
        count = inform_all_contacts(work, how=how_of(form.how.data))
    flash(f"Recorded for {count} contacts.", "good")
    return redirect(url_for("informing.index"))


@informing.post("/contacts/<uuid:contact_id>")
@requires(Permission.REQUESTS_WRITE)
@existing(require_contact)
def decide_contact(contact_id: uuid.UUID) -> str | Response:
    """One contact."""
    return _decide(WhoKind.CONTACT, contact_id)


@informing.post("/calls/<uuid:account_id>")
@requires(Permission.REQUESTS_WRITE)
@existing(require_system)
def decide_calls(account_id: uuid.UUID) -> str | Response:
    """The people behind the calls of one system."""
    return _decide(WhoKind.CALLS, account_id)


def _decide(kind: WhoKind, ref: uuid.UUID) -> str | Response:
    form = HowForm.posted()
    if not form.accepts():
        return _page(form)
    with work_of_caller() as work:
        decide_informing(work, kind=kind, ref=ref, how=how_of(form.how.data))
    flash("Recorded.", "good")
    return redirect(url_for("informing.index"))


def _page(form: HowForm) -> str:
    with work_of_caller() as work:
        found = people_to_inform(work, services().vault)
        today = work.today
    return render_template(
        "informing/index.html",
        form=form,
        found=found,
        today=today,
        hows=ALL,
        may_write=allows(caller(), Permission.REQUESTS_WRITE),
    )
