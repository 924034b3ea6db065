"""Free fields: declare and end them, and fill them in for a contact or an inquiry."""

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from connector.free_fields.declare import count_values, declare_field, end_field, list_fields
from connector.free_fields.kinds import About, FieldType
from connector.free_fields.models import FreeField
from connector.free_fields.records import fields_of, fill_fields
from connector.free_fields.rename import find_field, rename_field
from connector.http.console.free_fields.forms import (
    ABOUT,
    BASES,
    PURPOSES,
    TYPES,
    DeclareForm,
    NamesForm,
    WordsForm,
    fill_form,
)
from connector.notices.publish import publish_notices
from privacy.core.db.declarations import LegalBasis, Purpose
from privacy.core.errors import SiltaError
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.existing import existing
from tenants.http.proofs import recently_authenticated
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission, allows

free_fields = Blueprint("free_fields", __name__, url_prefix="/fields")
Page = str | Response | tuple[str, int]


@free_fields.get("")
@requires(Permission.TENANT_READ)
def index() -> str:
    """Every declared field, with its reasons."""
    with work_of_caller() as work:
        counted, rows = count_values(work), list_fields(work)
    return render_template(
        "free_fields/index.html",
        fields=[_told(row, counted.get(row.id, 0)) for row in rows],
        may_write=allows(caller(), Permission.FIELDS_WRITE),
    )


@free_fields.route("/add", methods=["GET", "POST"])
@requires(Permission.FIELDS_WRITE)
def add() -> Page:
    """Declare a field."""
    form = DeclareForm.posted()
    if not form.accepts():
        return render_template("free_fields/add.html", form=form), 422 if form.errors else 200
    try:
        with work_of_caller() as work:
            declare_field(work, declaration=form.declaration())
            publish_notices(work, services().vault)
    except SiltaError as refusal:
        form.blame(refusal)
        return render_template("free_fields/add.html", form=form), int(refusal.status)
    flash(
        "The field is declared, and your privacy notice lists it. It can be filled in from now on.",
        "good",
    )
    return redirect(url_for("free_fields.index"))


@free_fields.route("/<uuid:field_id>/names", methods=["GET", "POST"])
@requires(Permission.FIELDS_WRITE)
@existing(find_field)
def names(field_id: uuid.UUID) -> Page:
    """Call it something else, in any of the languages."""
    with work_of_caller() as work:
        row = find_field(work, field_id)
        present, words = WordsForm.shown(row), tuple(row.choices)
    form = (WordsForm if words else NamesForm).posted(**present)
    if not form.accepts():
        return _names(form), 422 if form.errors else 200
    try:
        with work_of_caller() as work:
            label = form.label.data or ""
            said = form.said(words) if isinstance(form, WordsForm) else None
            rename_field(work, field_id=field_id, label=label, labels=form.labels(), words=said)
            publish_notices(work, services().vault)
    except SiltaError as refusal:
        form.blame(refusal)
        return _names(form), int(refusal.status)
    flash("Saved. Forms and notices say it from now on.", "good")
    return redirect(url_for("free_fields.index"))


def _names(form: NamesForm) -> str:
    return render_template("free_fields/names.html", form=form)


@free_fields.post("/<uuid:field_id>/end")
@requires(Permission.FIELDS_WRITE)
@recently_authenticated
def end(field_id: uuid.UUID) -> Response:
    """Take nothing more for it, and erase what was entered."""
    with work_of_caller() as work:
        erased = end_field(work, field_id=field_id)
        publish_notices(work, services().vault)
    flash(f"The field is ended. {erased} values were erased.", "good")
    return redirect(url_for("free_fields.index"))


@free_fields.route("/contacts/<uuid:contact_id>", methods=["GET", "POST"])
@requires(Permission.CONTACTS_WRITE)
def fill_contact(contact_id: uuid.UUID) -> Page:
    """The fields of a contact."""
    return _fill(About.CONTACT, contact_id, url_for("contacts.show", contact_id=contact_id))


@free_fields.route("/inquiries/<uuid:inquiry_id>", methods=["GET", "POST"])
@requires(Permission.INQUIRIES_WRITE)
def fill_inquiry(inquiry_id: uuid.UUID) -> Page:
    """The fields of an inquiry."""
    return _fill(About.INQUIRY, inquiry_id, url_for("inquiries.show", inquiry_id=inquiry_id))


def _fill(about: About, record_id: uuid.UUID, back: str) -> Page:
    vault = services().vault
    with work_of_caller() as work:
        kind, present = fill_form(fields_of(work, vault=vault, about=about, record_id=record_id))
    form = kind.posted(**present)
    if not form.accepts():
        page = render_template("free_fields/fill.html", form=form, back=back)
        return page, 422 if form.errors else 200
    given = {name: form[name].data or "" for name in present}
    try:
        with work_of_caller() as work:
            fill_fields(work, vault=vault, about=about, record_id=record_id, given=given)
    except SiltaError as refusal:
        form.blame(refusal)
        page = render_template("free_fields/fill.html", form=form, back=back)
        return page, int(refusal.status)
    flash("Saved.", "good")
    return redirect(back)


def _worded(row: FreeField) -> dict[str, str]:
    """Choices as they are kept, by "", and as the languages that have words of their own say
    them."""
    spoken = ("", *sorted(row.words)) if row.choices else ()
    return {one: ", ".join(said for _, said in row.offered(one)) for one in spoken}


def _told(row: Any, count: int) -> dict[str, Any]:
    return {
        "id": row.id,
        "label": row.label,
        "labels": row.labels,
        "words": _worded(row),
        "key": row.key,
        "about": ABOUT[About(row.about)],
        "type": TYPES[FieldType(row.type)],
        "purpose": PURPOSES[Purpose(row.purpose)],
        "basis": BASES[LegalBasis(row.basis)],
        "days": row.days,
        "count": count,
    }
