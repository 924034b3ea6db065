"""Answer, note, hear, close, reopen, put aside, erase."""

import uuid

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from connector.http.console.inquiries.forms import AnswerForm, HeardForm, NoteForm
from connector.http.console.inquiries.views import inquiries, thread_page
from connector.inquiries.answer import answer_inquiry
from connector.inquiries.change import add_heard, add_note, move_inquiry, withdraw_consent
from connector.inquiries.erase import erase_inquiry
from connector.inquiries.find import find_inquiry
from connector.inquiries.states import InquiryState
from privacy.core.errors import Invalid
from tenants.http.access import requires
from tenants.http.existing import existing
from tenants.http.proofs import recently_authenticated
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission

Answer = str | Response | tuple[str, int]


@inquiries.post("/<uuid:inquiry_id>/answer")
@requires(Permission.INQUIRIES_WRITE)
@existing(find_inquiry)
def answer(inquiry_id: uuid.UUID) -> Answer:
    """Answer by mail."""
    form = AnswerForm.posted()
    if not form.accepts():
        return thread_page(inquiry_id, answer=form), 422
    try:
        with work_of_caller() as work:
            answer_inquiry(
                work,
                vault=services().vault,
                inquiry_id=inquiry_id,
                text=form.text.data,
                answers_to=form.answers_to.data,
                mailbox=services().settings.mailbox,
                sending=services().settings.smtp_url is not None,
            )
    except Invalid as refusal:
        form.blame(refusal)
        return thread_page(inquiry_id, answer=form), int(refusal.status)
    flash("The answer is on its way.", "good")
    return _back(inquiry_id)


@inquiries.post("/<uuid:inquiry_id>/note")
@requires(Permission.INQUIRIES_WRITE)
@existing(find_inquiry)
def note(inquiry_id: uuid.UUID) -> Answer:
    """Note something for one another."""
    form = NoteForm.posted()
    if not form.accepts():
        return thread_page(inquiry_id, note=form), 422
    with work_of_caller() as work:
        add_note(work, vault=services().vault, inquiry_id=inquiry_id, text=form.text.data)
    flash("Noted.", "good")
    return _back(inquiry_id)


@inquiries.post("/<uuid:inquiry_id>/heard")
@requires(Permission.INQUIRIES_WRITE)
@existing(find_inquiry)
def heard(inquiry_id: uuid.UUID) -> Answer:
    """Write down what the person said since."""
    form = HeardForm.posted()
    if not form.accepts():
        return thread_page(inquiry_id, heard=form), 422
    with work_of_caller() as work:
        add_heard(work, vault=services().vault, inquiry_id=inquiry_id, text=form.text.data)
    flash("Written down; the inquiry is open.", "good")
    return _back(inquiry_id)


@inquiries.post("/<uuid:inquiry_id>/close")
@requires(Permission.INQUIRIES_WRITE)
def close(inquiry_id: uuid.UUID) -> Response:
    """Nothing more to do."""
    return _move(inquiry_id, InquiryState.CLOSED, "Closed.")


@inquiries.post("/<uuid:inquiry_id>/reopen")
@requires(Permission.INQUIRIES_WRITE)
def reopen(inquiry_id: uuid.UUID) -> Response:
    """There is something to do again."""
    return _move(inquiry_id, InquiryState.OPEN, "Open again.")


@inquiries.post("/<uuid:inquiry_id>/spam")
@requires(Permission.INQUIRIES_WRITE)
def spam(inquiry_id: uuid.UUID) -> Response:
    """Not worth keeping."""
    return _move(inquiry_id, InquiryState.SPAM, "Put aside as spam. It is gone in thirty days.")


@inquiries.post("/<uuid:inquiry_id>/withdraw")
@requires(Permission.INQUIRIES_WRITE)
def withdraw(inquiry_id: uuid.UUID) -> Response:
    """The person takes the consent to an unofficial channel back."""
    with work_of_caller() as work:
        withdraw_consent(work, inquiry_id=inquiry_id)
    flash("The consent is withdrawn, and what came that way is erased.", "good")
    return redirect(url_for("inquiries.index"))


@inquiries.post("/<uuid:inquiry_id>/erase")
@requires(Permission.INQUIRIES_WRITE)
@recently_authenticated
def erase(inquiry_id: uuid.UUID) -> Response:
    """Erase a thread before its time."""
    with work_of_caller() as work:
        erase_inquiry(work, inquiry_id=inquiry_id, because="by_hand")
    flash("Erased.", "good")
    return redirect(url_for("inquiries.index"))


def _move(inquiry_id: uuid.UUID, to: InquiryState, told: str) -> Response:
    with work_of_caller() as work:
        move_inquiry(work, inquiry_id=inquiry_id, to=to)
    flash(told, "good")
    return _back(inquiry_id)


def _back(inquiry_id: uuid.UUID) -> Response:
    return redirect(url_for("inquiries.show", inquiry_id=inquiry_id))
