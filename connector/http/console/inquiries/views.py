"""Inquiries: the list with its states, one thread, a new one that came by telephone."""

import uuid
from datetime import UTC
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from connector.free_fields.kinds import About
from connector.free_fields.records import fields_of
from connector.http.console.inquiries.facts import (
    facts_of,
    lines_of,
    message_facts,
    next_states,
    technical_lines,
)
from connector.http.console.inquiries.forms import (
    AnswerForm,
    FindForm,
    HeardForm,
    NoteForm,
    RecordForm,
)
from connector.http.console.inquiries.words import STATES
from connector.inquiries.channels import Channel, Unofficial
from connector.inquiries.declared import SERVICES, read_fields
from connector.inquiries.find import Wanted
from connector.inquiries.forms.change import answers_to
from connector.inquiries.forms.find import find_form
from connector.inquiries.open import Consent, Opened, open_inquiry
from connector.inquiries.states import InquiryState
from connector.inquiries.views import InquiryPage, Thread, view_inquiry, view_page
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid, NotFound, SiltaError
from privacy.profiles import profile
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.choices import choices
from tenants.http.services import services, work_of_caller, work_of_installation
from tenants.permissions import Permission, allows
from tenants.tenants.views import get_tenant
from tenants.users.find import view_user

inquiries = Blueprint("inquiries", __name__, url_prefix="/inquiries")
PAGE: Final = 30
_TYPED: Final = ("name", "email", "telephone", "company", "topic", "message")


@inquiries.route("", methods=["GET", "POST"])
@requires(Permission.INQUIRIES_READ)
def index() -> str | tuple[str, int]:
    """All of them, those of a state, or those of a person; whom one looks for is posted."""
    form, status = FindForm.posted(), 200
    wanted = Wanted(state=_state(request.args.get("state")))
    with work_of_caller() as work:
        offered = _offered(work)
        if form.accepts():
            wanted = _of_person(form.contact.data)
        elif request.method == "POST":
            status = 422
        page = view_page(
            work,
            vault=services().vault,
            wanted=wanted,
            cursor=request.args.get("after") if request.method == "GET" else None,
            limit=PAGE,
        )
    return _index(form, page, wanted, offered=bool(offered)), status


@inquiries.get("/<uuid:inquiry_id>")
@requires(Permission.INQUIRIES_READ)
def show(inquiry_id: uuid.UUID) -> str:
    """One thread."""
    return thread_page(inquiry_id)


@inquiries.route("/add", methods=["GET", "POST"])
@requires(Permission.INQUIRIES_WRITE)
def add() -> str | Response | tuple[str, int]:
    """Record one that came by telephone or another way."""
    form, status = RecordForm.posted(), 200
    with work_of_caller() as work:
        form.service.choices = choices(_offered(work))
    if form.accepts():
        try:
            made = _record(form)
        except SiltaError as refusal:
            form.blame(refusal)
            status = int(refusal.status)
        else:
            flash(f"Recorded as {made.reference}.", "good")
            return redirect(url_for("inquiries.show", inquiry_id=made.id))
    return render_template("inquiries/add.html", form=form), status


def thread_page(
    inquiry_id: uuid.UUID,
    *,
    answer: AnswerForm | None = None,
    note: NoteForm | None = None,
    heard: HeardForm | None = None,
) -> str:
    """The page of a thread, with a form that was refused in place of an empty one."""
    with work_of_caller() as work:
        thread = view_inquiry(work, vault=services().vault, inquiry_id=inquiry_id)
        filled = fields_of(work, vault=services().vault, about=About.INQUIRY, record_id=inquiry_id)
        suggested = "" if _mailbox() else _suggested(work, thread)
    head = facts_of(thread.head)
    return render_template(
        "inquiries/show.html",
        filled=filled,
        inquiry=head,
        lines=lines_of(thread),
        technical=technical_lines(thread),
        messages=[message_facts(view) for view in thread.messages],
        may_write=allows(caller(), Permission.INQUIRIES_WRITE),
        steps=next_states(head.state),
        states=InquiryState,
        rests_on_consent=thread.head.consent_at is not None,
        answer_form=answer or AnswerForm(answers_to=suggested),
        replies_arrive=_mailbox() is not None,
        note_form=note or NoteForm(),
        heard_form=heard or HeardForm(),
    )


def _record(form: RecordForm) -> Opened:
    typed = {name: form[name].data or "" for name in _TYPED}
    asked = read_fields(
        form.service.data,
        {name: text for name, text in typed.items() if text},
        required=("message",),
        handle=form.handle.data or None,
    )
    with work_of_caller() as work:
        return open_inquiry(
            work,
            vault=services().vault,
            service=form.service.data,
            channel=Channel(form.channel.data),
            asked=asked,
            consent=_consent(form),
        )


def _consent(form: RecordForm) -> Consent | None:
    if not form.unofficial.data and form.consent_at.data is None:
        return None
    if not form.unofficial.data or form.consent_at.data is None:
        raise Invalid(fields={"unofficial": "Name the channel, and when the person agreed to it."})
    return Consent(Unofficial(form.unofficial.data), form.consent_at.data.replace(tzinfo=UTC))


def _suggested(work: UnitOfWork, thread: Thread) -> str:
    """The form's address for replies; whoever answers, where there is none."""
    if thread.head.form_id is None:
        return _own_address()
    try:
        return (
            answers_to(work, services().vault, find_form(work, thread.head.form_id))
            or _own_address()
        )
    except NotFound:
        return _own_address()


def _mailbox() -> str | None:
    return services().settings.mailbox


def _own_address() -> str:
    user_id = caller().id
    if user_id is None:
        return ""
    with work_of_installation() as work:
        return view_user(services().vault, work, user_id=user_id).email


def _index(form: FindForm, page: InquiryPage, wanted: Wanted, *, offered: bool) -> str:
    by_person = bool(wanted.email or wanted.telephone)
    more = page.next_cursor if not by_person else None
    older = url_for("inquiries.index", state=wanted.state, after=more) if more else None
    return render_template(
        "inquiries/index.html",
        form=form,
        inquiries=[facts_of(view) for view in page.inquiries],
        by_person=by_person,
        state=wanted.state,
        states=[(state.value, label) for state, (label, _) in STATES.items()],
        older=older,
        newer=url_for("inquiries.index", state=wanted.state) if request.args.get("after") else None,
        offered=offered,
        may_write=allows(caller(), Permission.INQUIRIES_WRITE),
        may_forms=allows(caller(), Permission.FORMS_READ),
    )


def _of_person(contact: str) -> Wanted:
    text = contact.strip()
    return Wanted(email=text) if "@" in text else Wanted(telephone=text)


def _state(word: str | None) -> str | None:
    return word if word in set(InquiryState) else None


def _offered(work: UnitOfWork) -> list[tuple[str, str]]:
    """The tenant's services that take inquiries."""
    mine = get_tenant(work).services
    return [(key, profile(key).service) for key in SERVICES if key in mine]
