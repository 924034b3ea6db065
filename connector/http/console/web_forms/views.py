"""Web forms: all of them, a new one, one with the lines to put into a page."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from connector.free_fields.declare import list_fields
from connector.http.console.web_forms.forms import WebFormForm, filled, offer_own, settings_of
from connector.inquiries.declared import SERVICES
from connector.inquiries.forms.change import add_form, answers_to, change_form, close_form
from connector.inquiries.forms.find import find_form, list_forms
from connector.inquiries.forms.models import WebForm
from connector.inquiries.forms.own import own_fields
from privacy.core.errors import SiltaError
from privacy.profiles import profile
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.choices import choices
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission, allows
from tenants.tenants.views import get_tenant

web_forms = Blueprint("web_forms", __name__, url_prefix="/web-forms")


@web_forms.get("")
@requires(Permission.FORMS_READ)
def index() -> str:
    """All forms of the tenant."""
    with work_of_caller() as work:
        rows = list_forms(work)
        offered = bool(_offered(get_tenant(work).services))
    return render_template(
        "site_forms/index.html",
        forms_found=[(row, profile(row.service).service) for row in rows],
        may_write=_may_write() and offered,
        offered=offered,
    )


@web_forms.route("/add", methods=["GET", "POST"])
@requires(Permission.FORMS_WRITE)
def add() -> str | Response | tuple[str, int]:
    """A new form."""
    form, status = _form(), 200
    if form.accepts():
        try:
            with work_of_caller() as work:
                made = add_form(work, vault=services().vault, settings=settings_of(form)).id
        except SiltaError as refusal:
            form.blame(refusal)
            status = int(refusal.status)
        else:
            flash("The form is ready. Put the lines below into your page.", "good")
            return redirect(url_for("web_forms.show", form_id=made))
    return render_template("site_forms/edit.html", form=form, row=None), status


@web_forms.get("/<uuid:form_id>")
@requires(Permission.FORMS_READ)
def show(form_id: uuid.UUID) -> str:
    """One form."""
    with work_of_caller() as work:
        row = find_form(work, form_id)
        own = own_fields(work, row)
    address = services().settings.public_url
    return render_template(
        "site_forms/show.html",
        row=row,
        own=own,
        service=profile(row.service).service,
        hosted=hosted_page(address, row),
        snippet=snippet_of(address, row),
        may_write=_may_write(),
    )


@web_forms.route("/<uuid:form_id>/change", methods=["GET", "POST"])
@requires(Permission.FORMS_WRITE)
def change(form_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Other settings."""
    with work_of_caller() as work:
        row = find_form(work, form_id)
        present = filled(row, answers_to(work, services().vault, row))
    form, status = _form(**present), 200
    if form.accepts():
        try:
            with work_of_caller() as work:
                settings = settings_of(form)
                change_form(work, vault=services().vault, form_id=form_id, settings=settings)
        except SiltaError as refusal:
            form.blame(refusal)
            status = int(refusal.status)
        else:
            flash("Saved.", "good")
            return redirect(url_for("web_forms.show", form_id=form_id))
    return render_template("site_forms/edit.html", form=form, row=row), status


@web_forms.post("/<uuid:form_id>/close")
@requires(Permission.FORMS_WRITE)
def close(form_id: uuid.UUID) -> Response:
    """Nothing more comes in by it."""
    with work_of_caller() as work:
        close_form(work, form_id=form_id)
    flash("Closed. What came in by it stays.", "good")
    return redirect(url_for("web_forms.index"))


def hosted_page(public_url: str, row: WebForm) -> str:
    """Where the form stands by itself."""
    if row.purpose == "registration":
        return f"{public_url}/f/{row.key}/register"
    return f"{public_url}/f/{row.key}"


def snippet_of(public_url: str, row: WebForm) -> str:
    """What to put into a page; a registration has its own page only."""
    if row.purpose == "registration":
        return ""
    return (
        f'<div data-silta-form="{row.key}" data-language="{row.language}">\n'
        f'  <a href="{public_url}/f/{row.key}">{row.name}</a>\n'
        f"</div>\n"
        f'<script src="{public_url}/forms/embed.js" async></script>'
    )


def _form(**given: object) -> WebFormForm:
    form = WebFormForm.posted(**given)
    with work_of_caller() as work:
        form.service.choices = choices(_offered(get_tenant(work).services))
        offer_own(form, list_fields(work))
    return form


def _offered(mine: list[str]) -> list[tuple[str, str]]:
    return [(key, profile(key).service) for key in SERVICES if key in mine]


def _may_write() -> bool:
    return allows(caller(), Permission.FORMS_WRITE)
