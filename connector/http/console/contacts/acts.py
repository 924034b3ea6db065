"""Add, change and erase contacts that are kept here."""

import uuid

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from connector.contacts.erase import erase_contact
from connector.contacts.shelf import CONTACTS
from connector.contacts.write import (
    BelongsToSystem,
    change_contact,
    create_contact,
    delete_contact,
)
from connector.http.console.contacts.forms import ContactForm, filled
from connector.http.console.contacts.views import contact_page, contacts
from connector.http.console.documents.forms import BookForm
from connector.http.console.records.origins import account_names
from connector.outgoing.book_contact import StillOnItsWay, book_contact, books_for
from connector.synced.erasures.lift import lift_erasure, list_erasures
from connector.synced.read import find_record
from connector.synced.shapes import Contact
from connector.synced.views import RecordView
from privacy.core.errors import Invalid, SiltaError
from privacy.restrictions.standing import refuse_restricted
from tenants.http.access import requires
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission


@contacts.route("/add", methods=["GET", "POST"])
@requires(Permission.CONTACTS_WRITE)
def add() -> str | Response | tuple[str, int]:
    """Add a contact."""
    form, status = ContactForm.posted(), 200
    if form.accepts():
        try:
            with work_of_caller() as work:
                made = create_contact(work, vault=services().vault, entry=form.entry())
        except SiltaError as refusal:
            form.blame(refusal)
            status = int(refusal.status)
        else:
            flash("The contact is added. Calls from its numbers now show its name.", "good")
            return redirect(url_for("contacts.show", contact_id=made))
    return render_template("contacts/edit.html", form=form, contact=None), status


@contacts.post("/<uuid:contact_id>/book")
@requires(Permission.ACCOUNTS_WRITE)
def book(contact_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Bring it into connected books; what is there already is changed there."""
    form, vault = BookForm.posted(), services().vault
    try:
        with work_of_caller() as work:
            view = find_record(work, vault=vault, shelf=CONTACTS, record_id=contact_id)
            books = books_for(work, view.account_id)
            form.offer(books)
            if not form.accepts():
                raise Invalid
            booking = form.booking(books)
            book_contact(work, vault=vault, contact_id=contact_id, booking=booking)
    except (Invalid, StillOnItsWay) as refusal:
        if refusal.details or not isinstance(refusal, Invalid):
            form.blame(refusal)
        return contact_page(contact_id, form), int(refusal.status)
    flash("It is sent in the background, once.", "good")
    return redirect(url_for("documents.index"))


@contacts.route("/<uuid:contact_id>/edit", methods=["GET", "POST"])
@requires(Permission.CONTACTS_WRITE)
def edit(contact_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Change a contact."""
    stored, status = _own(contact_id), 200
    form = ContactForm.posted() if request.method == "POST" else ContactForm(data=filled(stored))
    if form.accepts():
        try:
            with work_of_caller() as work:
                change_contact(
                    work,
                    vault=services().vault,
                    contact_id=contact_id,
                    entry=form.entry(),
                    version=form.version.data,
                )
        except SiltaError as refusal:
            form.blame(refusal)
            status = int(refusal.status)
        else:
            flash("The contact is changed.", "good")
            return redirect(url_for("contacts.show", contact_id=contact_id))
    return render_template("contacts/edit.html", form=form, contact=stored), status


@contacts.post("/<uuid:contact_id>/delete")
@requires(Permission.CONTACTS_WRITE)
def delete(contact_id: uuid.UUID) -> Response:
    """Erase a contact; one of a connected system with all that is about it, and lastingly."""
    vault = services().vault
    with work_of_caller() as work:
        view = find_record(work, vault=vault, shelf=CONTACTS, record_id=contact_id)
        if view.by_hand:
            delete_contact(work, vault=vault, contact_id=contact_id)
        else:
            erase_contact(work, vault=vault, contact_id=contact_id)
    flash("The contact is erased, with everything that it could be found by.", "good")
    return redirect(url_for("contacts.index"))


@contacts.get("/erased")
@requires(Permission.CONTACTS_WRITE)
def erased() -> str:
    """Who may not be brought again: moments and systems, no names."""
    with work_of_caller() as work:
        names = account_names(work)
        found = [(one, names.get(one.account_id, "")) for one in list_erasures(work)]
    return render_template("contacts/erased.html", erasures=found)


@contacts.post("/<uuid:contact_id>/lift")
@requires(Permission.CONTACTS_WRITE)
def lift(contact_id: uuid.UUID) -> Response:
    """Let an erased contact be brought again."""
    with work_of_caller() as work:
        lift_erasure(work, contact_id=contact_id)
    flash("It comes back when its system is read in full, or when it changes there.", "good")
    return redirect(url_for("contacts.erased"))


def _own(contact_id: uuid.UUID) -> RecordView[Contact]:
    """Raises NotFound, BelongsToSystem, ProcessingRestricted: it is stored, and shown to nobody."""
    vault = services().vault
    with work_of_caller() as work:
        view = find_record(work, vault=vault, shelf=CONTACTS, record_id=contact_id)
        refuse_restricted(work, vault, emails=view.record.emails, phones=view.numbers)
    if not view.by_hand:
        raise BelongsToSystem
    return view
