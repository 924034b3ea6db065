"""Registrations: who registered, what they said, and whether it is right (promise A14)."""

import uuid
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from connector.http.console.subjects.shown import document_response
from connector.http.portal.words import portal_words
from connector.inquiries.forms.models import WebForm
from connector.registrations.check import (
    Method,
    Outcome,
    check_registration,
    list_registrations,
    look_at_registration,
)
from connector.registrations.details import FIELDS
from connector.registrations.documents import hand_to_registrar, open_document, take_document
from connector.registrations.views import find_registrant
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid, NotFound, SiltaError
from privacy.documents.keep import LARGEST, list_documents
from privacy.profiles.parts import DocumentUse
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.choices import choices
from tenants.http.existing import existing
from tenants.http.forms import Sheet
from tenants.http.proofs import recently_authenticated
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission, allows

registrations = Blueprint("registrations", __name__, url_prefix="/registrations")
CHECKS: Final = {
    "unchecked": ("To be checked", "warn"),
    "asked": ("Asked to correct", "warn"),
    "right": ("Right", "good"),
    "doubtful": ("Doubtful", "bad"),
}
_METHODS: Final = {
    Method.PLAUSIBILITY: "Looked plausible, or not",
    Method.CALL: "By telephone",
    Method.LETTER: "By letter",
    Method.REGISTER: "In a public register",
    Method.DOCUMENT: "Identity document",
}
_OUTCOMES: Final = {
    Outcome.RIGHT: "Right",
    Outcome.ASKED: "Wrong: ask the person to correct it",
    Outcome.DOUBTFUL: "Doubtful: somebody has to look again",
}
_USES: Final = {
    DocumentUse.DOUBTFUL_REGISTRANT: "To check the registration",
    DocumentUse.DOMAIN_TRANSFER: "To transfer a domain: it goes to the registrar",
}


def _require_document(work: UnitOfWork, *, registrant_id: uuid.UUID, proof_id: uuid.UUID) -> None:
    row = find_registrant(work, registrant_id)
    if proof_id not in {one.id for one in list_documents(work, subject_id=row.id)}:
        raise NotFound


class DocumentForm(Sheet):
    """The file itself is beside the form's fields."""

    use = SelectField(
        "What it was given for",
        choices=choices((one.value, text) for one, text in _USES.items()),
        default=DocumentUse.DOUBTFUL_REGISTRANT.value,
    )


class RegistrarForm(Sheet):
    """To which registrar a document goes."""

    recipient = StringField("Registrar", [InputRequired("Say who gets it."), Length(max=400)])
    reference = StringField(
        "Domain or transfer", [InputRequired("Say on what it rests."), Length(max=400)]
    )
    contact = StringField(
        "Address of the registrar",
        [Length(max=400)],
        description="The registrar is told there when something is corrected or erased.",
    )


class CheckForm(Sheet):
    """How it was checked, and what came of it."""

    method = SelectField("How", choices=choices((m.value, text) for m, text in _METHODS.items()))
    outcome = RadioField(
        "What came of it",
        [InputRequired("Choose one.")],
        choices=choices((o.value, text) for o, text in _OUTCOMES.items()),
    )
    note = TextAreaField(
        "Note",
        [Length(max=1000)],
        description="Who is asked to correct something reads it, by mail and in the account.",
        render_kw={"rows": 3},
    )


@registrations.get("")
@requires(Permission.REGISTRATIONS_READ)
def index() -> str:
    """The newest registrations."""
    wanted = request.args.get("check")
    state = wanted if wanted in CHECKS else None
    with work_of_caller() as work:
        found = list_registrations(work, vault=services().vault, check_state=state)
    return render_template(
        "registrations/index.html",
        found=found,
        checks=CHECKS,
        state=state,
        words=portal_words("en"),
    )


@registrations.get("/<uuid:registrant_id>")
@requires(Permission.REGISTRATIONS_READ)
def show(registrant_id: uuid.UUID) -> str:
    """One registration."""
    return _page(registrant_id, CheckForm())


@registrations.post("/<uuid:registrant_id>/check")
@requires(Permission.REGISTRATIONS_CHECK)
@existing(find_registrant)
def check(registrant_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Record a check."""
    form = CheckForm.posted()
    if not form.accepts():
        return _page(registrant_id, form), 422
    try:
        with work_of_caller() as work:
            check_registration(
                work,
                vault=services().vault,
                registrant_id=registrant_id,
                method=Method(form.method.data),
                outcome=Outcome(form.outcome.data),
                note=form.note.data or "",
                link=_own_page(work, registrant_id),
                sending=services().settings.smtp_url is not None,
            )
    except SiltaError as refusal:
        form.blame(refusal)
        return _page(registrant_id, form), int(refusal.status)
    flash("Recorded.", "good")
    return redirect(url_for("registrations.show", registrant_id=registrant_id))


@registrations.post("/<uuid:registrant_id>/document")
@requires(Permission.REGISTRATIONS_CHECK)
@existing(find_registrant)
def take(registrant_id: uuid.UUID) -> Response:
    """Seal a document that the person sent for the check."""
    form, given = DocumentForm.posted(), request.files.get("document")
    try:
        with work_of_caller() as work:
            if not form.accepts() or given is None:
                raise Invalid("Choose a file.")
            take_document(
                work,
                services().vault,
                registrant_id=registrant_id,
                use=DocumentUse(form.use.data),
                content=given.stream.read(LARGEST + 1),
            )
    except NotFound:
        raise
    except SiltaError as refusal:
        flash(_told(refusal), "bad")
    else:
        flash("Sealed. It is destroyed with the outcome of the check.", "good")
    return redirect(url_for("registrations.show", registrant_id=registrant_id))


@registrations.post("/<uuid:registrant_id>/documents/<uuid:proof_id>/registrar")
@requires(Permission.REGISTRATIONS_CHECK)
@recently_authenticated
@existing(_require_document)
def hand_on(registrant_id: uuid.UUID, proof_id: uuid.UUID) -> Response:
    """Enter in the register of disclosures that a document goes to the registrar (E3)."""
    form = RegistrarForm.posted()
    try:
        if not form.accepts():
            raise Invalid("Say which registrar gets it, and for which domain.")
        with work_of_caller() as work:
            hand_to_registrar(
                work,
                services().vault,
                registrant_id=registrant_id,
                document_id=proof_id,
                recipient=form.recipient.data,
                reference=form.reference.data,
                contact=form.contact.data or "",
            )
    except SiltaError as refusal:
        flash(_told(refusal), "bad")
    else:
        flash("In the register of disclosures. Now send it to the registrar.", "good")
    return redirect(url_for("registrations.show", registrant_id=registrant_id))


def _registrar_form(document_id: uuid.UUID) -> RegistrarForm:
    """One of several on a page: no two fields have the same id."""
    form = RegistrarForm()
    for field in form:
        field.id = f"{field.name}-{document_id}"
    return form


def _told(refusal: SiltaError) -> str:
    fields = refusal.details.get("fields")
    told = " ".join(map(str, fields.values())) if isinstance(fields, dict) else ""
    return told or refusal.message


@registrations.get("/<uuid:registrant_id>/documents/<uuid:proof_id>")
@requires(Permission.REGISTRATIONS_CHECK)
@recently_authenticated
def look(registrant_id: uuid.UUID, proof_id: uuid.UUID) -> Response:
    """Open a document; said in the ledger."""
    with work_of_caller() as work:
        looked = open_document(
            work, services().vault, registrant_id=registrant_id, document_id=proof_id
        )
    return document_response(looked)


def _page(registrant_id: uuid.UUID, form: CheckForm) -> str:
    with work_of_caller() as work:
        documents = list_documents(work, subject_id=registrant_id)
        view = look_at_registration(work, vault=services().vault, registrant_id=registrant_id)
    words = portal_words("en")
    given = [(words[f"field.{name}"], getattr(view.details, name)) for name in FIELDS]
    given += [(one.field.label, one.value) for one in view.own]
    return render_template(
        "registrations/show.html",
        view=view,
        documents=documents,
        registrars={one.id: _registrar_form(one.id) for one in documents},
        uses={use.value: text for use, text in _USES.items()},
        lines=[(label, text) for label, text in given if text],
        checks=CHECKS,
        words=words,
        form=form,
        methods={method.value: text for method, text in _METHODS.items()},
        may_check=view.state == "active" and allows(caller(), Permission.REGISTRATIONS_CHECK),
    )


def _own_page(work: UnitOfWork, registrant_id: uuid.UUID) -> str:
    """Where the person signs in."""
    row = find_registrant(work, registrant_id)
    key = work.session.scalar(select(WebForm.key).where(WebForm.id == row.form_id))
    return f"{services().settings.public_url}/account/{key}/sign-in"
