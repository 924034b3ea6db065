"""Contacts: all of them, whom one looks for, one of them. What is looked for is posted."""

import uuid
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, render_template, request, url_for

from connector.contacts.guess import search_anything
from connector.contacts.shelf import CONTACTS
from connector.free_fields.kinds import About
from connector.free_fields.records import fields_of
from connector.free_fields.values import FilledField
from connector.http.console.contacts.facts import ContactFacts, facts_of, lines_of
from connector.http.console.contacts.forms import FindForm
from connector.http.console.contacts.related import Related, related_to
from connector.http.console.documents.forms import BookForm
from connector.http.console.purposes import PURPOSES, purpose_of
from connector.http.console.records.origins import Names, account_names
from connector.outgoing.book_contact import booked_as, books_for
from connector.outgoing.models import OutgoingDocument
from connector.synced.columns import RecordState
from connector.synced.read import Listing, RecordPage, list_records, view_record
from connector.synced.shapes import Contact
from connector.synced.views import RecordView
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.suppressions.uses import Use
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission, allows

contacts = Blueprint("contacts", __name__, url_prefix="/contacts")
PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Taken:
    """The form that brings a contact into books, and into which it was brought."""

    form: BookForm
    offered: bool
    booked: list[OutgoingDocument]


@contacts.route("", methods=["GET", "POST"])
@requires(Permission.CONTACTS_READ)
def index() -> str | tuple[str, int]:
    """All of them, the latest change first; or whom one looks for."""
    form, status = FindForm.posted(), 200
    found: list[ContactFacts] | None = None
    with work_of_caller() as work:
        names = account_names(work)
        if form.accepts():
            try:
                views = search_anything(work, vault=services().vault, text=form.text.data)
                found = [facts_of(view, names) for view in views]
            except Invalid as refusal:
                form.blame(refusal)
                status = int(refusal.status)
        page = _page(work)
    return _index(form, page, names, found), status


@contacts.get("/<uuid:contact_id>")
@requires(Permission.CONTACTS_READ)
def show(contact_id: uuid.UUID) -> str:
    """One contact, with what belongs to it."""
    return contact_page(contact_id, BookForm())


def contact_page(contact_id: uuid.UUID, form: BookForm) -> str:
    """The page of a contact, with the form that was refused in place of an empty one."""
    with work_of_caller() as work:
        view = view_record(work, vault=services().vault, shelf=CONTACTS, record_id=contact_id)
        names, related = account_names(work), related_to(work, view)
        vault = services().vault
        filled = fields_of(work, vault=vault, about=About.CONTACT, record_id=contact_id)
        books, booked = books_for(work, view.account_id), booked_as(work, contact_id)
    form.offer(books)
    form.code.data = form.code.data or view.record.code
    may_book = allows(caller(), Permission.ACCOUNTS_WRITE) and bool(books)
    taken = Taken(form, may_book and view.state is RecordState.LIVING, booked)
    return _show(view, names, related, filled, taken)


def may_write() -> bool:
    """Whether the caller may add and change contacts."""
    return allows(caller(), Permission.CONTACTS_WRITE)


def _page(work: UnitOfWork) -> RecordPage[Contact]:
    after = request.args.get("after") if request.method == "GET" else None
    use = purpose_of(request.args.get("purpose"))
    listing = Listing(cursor=after, limit=PAGE, newest_first=True, use=use)
    return list_records(work, vault=services().vault, shelf=CONTACTS, listing=listing)


def _index(
    form: FindForm, page: RecordPage[Contact], names: Names, found: list[ContactFacts] | None
) -> str:
    use = purpose_of(request.args.get("purpose"))
    more = page.next_cursor
    kept: dict[str, Any] = {} if use is Use.DELIVERY else {"purpose": use.value}
    return render_template(
        "contacts/index.html",
        form=form,
        found=found,
        contacts=[facts_of(view, names) for view in page.records],
        older=url_for("contacts.index", after=more, **kept) if more else None,
        newer=url_for("contacts.index", **kept) if request.args.get("after") else None,
        purposes=PURPOSES,
        purpose=use,
        may_write=may_write(),
    )


def _show(
    view: RecordView[Contact],
    names: Names,
    related: Related,
    filled: list[FilledField],
    taken: Taken,
) -> str:
    return render_template(
        "contacts/show.html",
        contact=facts_of(view, names),
        facts=lines_of(view, names),
        related=related,
        filled=filled,
        taken=taken,
        names=names,
        may_write=may_write(),
    )
