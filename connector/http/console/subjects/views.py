"""Requests of data subjects: what waits and until when, a new one, and one with its steps."""

import uuid
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from connector.http.console.registers.facts import in_utc
from connector.http.console.registers.paging import page_before
from connector.http.console.subjects.facts import facts_of, step_facts
from connector.http.console.subjects.forms import (
    CalledForm,
    CodeForm,
    DecideForm,
    DocumentForm,
    KindForm,
    LiftForm,
    MethodForm,
    NewForm,
    OrderForm,
    ProofForm,
    ReasonsForm,
    RefuseForm,
)
from connector.http.subjects import clerk
from connector.identities.read import read_number, read_person, refuse_cards
from connector.subjects.mails import request_address
from connector.subjects.recipients import names_of
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.errors import Invalid, SiltaError
from privacy.documents.keep import list_documents
from privacy.profiles import load_profiles, profile
from privacy.profiles.parts import Objection
from privacy.subjects.corrections import Correction
from privacy.subjects.receive import Asked, Received, receive_request
from privacy.subjects.views import list_open, list_requests, view_request
from privacy.subjects.words import (
    UNANSWERED,
    UNDER_WAY,
    UNPROVEN,
    WISHED,
    Phase,
    RequestChannel,
    RequestKind,
    RequestState,
    StepState,
)
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.choices import choices
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission, allows
from tenants.tenants.subscribed import subscribed_services

subjects = Blueprint("subjects", __name__, url_prefix="/subject-requests")
PAGE: Final = 50
ANY: Final = "any"
"""In place of a service, for whoever does not know."""


@subjects.get("")
@requires(Permission.REQUESTS_READ)
def index() -> str:
    """What waits for an answer, the first due first; and all of them, the latest first."""
    before = page_before()
    with work_of_caller() as work:
        waiting = [] if before else list_open(work, services().vault)
        mailbox = None if _in_front() else services().settings.mailbox
        address = request_address(work, services().vault, mailbox=mailbox) if mailbox else ""
        latest = list_requests(work, services().vault, before=before, limit=PAGE)
    return render_template(
        "subjects/index.html",
        waiting=[facts_of(view) for view in waiting],
        latest=[facts_of(view) for view in latest],
        older=url_for("subjects.index", before=latest[-1].id) if len(latest) == PAGE else None,
        newer=url_for("subjects.index") if before else None,
        may_write=_may_write(),
        address=address,
    )


@subjects.route("/add", methods=["GET", "POST"])
@requires(Permission.REQUESTS_WRITE)
def add() -> str | Response | tuple[str, int]:
    """Write down what arrived by letter, telephone or mail."""
    form, status = NewForm.posted(), 200
    form.service.choices = _services()
    if form.accepts():
        try:
            made = _receive(form)
        except SiltaError as refusal:
            form.blame(refusal)
            status = int(refusal.status)
        else:
            flash(f"Recorded as {made.reference}.", "good")
            return redirect(url_for("subjects.show", request_id=made.id))
    return render_template("subjects/add.html", form=form), status


@subjects.get("/<uuid:request_id>")
@requires(Permission.REQUESTS_READ)
def show(request_id: uuid.UUID) -> str:
    """One request with its steps."""
    return request_page(request_id)


def request_page(request_id: uuid.UUID, **refused: Any) -> str:
    """The page of a request, with forms that were refused in place of empty ones."""
    with work_of_caller() as work:
        view = view_request(work, services().vault, request_id=request_id)
        told = [step.holder for step in view.steps if step.phase is Phase.NOTIFY]
        names = names_of(work, services().vault, told)
        documents = list_documents(work, subject_id=request_id)
    state = view.state
    return render_template(
        "subjects/show.html",
        documents=documents,
        restriction=view.restriction,
        deciding=any(
            step.phase is Phase.DECIDE and step.state is StepState.WAITING for step in view.steps
        ),
        refused=view.ground is not None and state in (RequestState.REFUSED, RequestState.CLOSED),
        refusable=state in UNPROVEN or (view.kind in WISHED and state in UNDER_WAY),
        proof_form=refused.get("proof") or ProofForm(),
        document_form=DocumentForm(),
        kind_form=refused.get("regarded") or KindForm(data={"regarded": view.kind.value}),
        called_form=refused.get("called") or CalledForm(),
        order_form=refused.get("order") or OrderForm(),
        decide_form=refused.get("decide") or DecideForm(),
        lift_form=refused.get("lift") or LiftForm(),
        view=view,
        asked=facts_of(view),
        steps=[step_facts(step, names) for step in view.steps],
        may_write=_may_write(),
        unproven=state in UNPROVEN,
        unanswered=state in UNANSWERED,
        to_tell=state in (RequestState.DONE, RequestState.REFUSED),
        has_address=bool(view.person.email),
        code_form=refused.get("code") or CodeForm(),
        method_form=refused.get("method") or MethodForm(),
        reasons_form=refused.get("reasons") or ReasonsForm(),
        refuse_form=refused.get("refuse") or RefuseForm(),
    )


def _receive(form: NewForm) -> Received:
    person = read_person(email=form.email.data, number=form.number.data, name=form.name.data)
    refuse_cards(wish=form.wish.data or "")
    number = form.new_number.data
    correction = Correction(
        name=(form.new_name.data or "").strip(),
        email=(form.new_email.data or "").strip(),
        phone=read_number(number).text if number else "",
        company=(form.new_company.data or "").strip(),
    )
    every = form.service.data == ANY
    if _in_front() and form.kind.data == RequestKind.OBJECTION:
        raise Invalid(fields={"kind": "An objection to marketing is one organisation's to honour."})
    asked = Asked(
        kind=RequestKind(form.kind.data),
        channel=RequestChannel(form.channel.data),
        person=person,
        service=next(iter(load_profiles())) if every else form.service.data,
        every_service=every,
        language=form.language.data,
        received_at=in_utc(form.at.data),
        wish=form.wish.data or "",
        correction=correction,
        objections=[Objection(one) for one in form.objections.data or ()],
    )
    with work_of_caller() as work:
        return receive_request(work, clerk(work), asked)


def _services() -> list[SelectChoice]:
    """The organisation's; where people ask the installation, each one, and all of them."""
    if _in_front():
        named = ((key, profile(key).service) for key in sorted(load_profiles()))
        return choices([(ANY, "All of them: the person does not know"), *named])
    with work_of_caller() as work:
        mine = subscribed_services(work)
    return choices((key, profile(key).service) for key in mine)


def _in_front() -> bool:
    """Whether people ask the installation, as they know no organisation."""
    return caller().tenant_id == INSTALLATION_ID


def _may_write() -> bool:
    return allows(caller(), Permission.REQUESTS_WRITE)
