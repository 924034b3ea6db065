"""POST /api/v1/inquiries, …/{id}/answer, …/{id}/close."""

import uuid

from flask import Response

from connector.http.api.answers import answer
from connector.http.api.inputs import JSON, read_json
from connector.http.api.inquiries.shapes import (
    ID,
    Moved,
    NewAnswer,
    NewInquiry,
    Recorded,
)
from connector.http.api.once import PROBLEMS, made_once
from connector.http.api.operations import Body, Operation, describes
from connector.inquiries.answer import NoAddress, answer_inquiry
from connector.inquiries.change import move_inquiry
from connector.inquiries.declared import NotDeclared, read_fields
from connector.inquiries.find import find_inquiry
from connector.inquiries.open import Consent, open_inquiry
from connector.inquiries.states import IllegalStep, InquiryState
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid, NotFound
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission
from tenants.principals import Mode
from tenants.tenants.subscribed import subscribed_services

_TYPED = ("name", "email", "telephone", "company", "topic", "message")


@requires(Permission.INQUIRIES_WRITE)
@describes(
    Operation(
        id="recordInquiry",
        summary="Record an inquiry",
        description=(
            "One that came by chat, ticket, telephone, or a form of your own. What the privacy "
            "policy of the service does not declare is refused. A test key checks and stores "
            "nothing."
        ),
        tag="inquiries",
        body=Body(
            kinds={JSON: NewInquiry},
            examples={
                JSON: {
                    "service": "C",
                    "channel": "telephone",
                    "name": "Robin Example",
                    "telephone": "+46 31 390 06 01",
                    "message": "Please call me.",
                }
            },
            description="Who asked what, and how it came.",
        ),
        answer=Recorded,
        example={"id": ID, "reference": "K7Q2-9XHM-4"},
        problems=(NotDeclared, *PROBLEMS),
        idempotent=True,
        mode=True,
    )
)
def record() -> Response:
    """Store one inquiry; once for each Idempotency-Key."""
    return made_once(NewInquiry, _record)


@requires(Permission.INQUIRIES_WRITE)
@describes(
    Operation(
        id="answerInquiry",
        summary="Answer by mail",
        description=(
            "The text goes to the person's address, with the reference in the subject, and into "
            "the thread. Replies go to `answers_to`; where it is left out, into the thread."
        ),
        tag="inquiries",
        path={"inquiry_id": "The inquiry's id."},
        body=Body(
            kinds={JSON: NewAnswer},
            examples={JSON: {"text": "We call at ten.", "answers_to": "desk@example.com"}},
            description="What to say, and where replies go.",
        ),
        answer=Moved,
        example={"id": ID, "state": "answered"},
        problems=(NotFound, NoAddress, IllegalStep),
        mode=True,
    )
)
def answer_by_mail(inquiry_id: uuid.UUID) -> Response:
    """Answer one thread."""
    if caller().mode is Mode.TEST:
        raise NotFound
    with work_of_caller() as work:
        find_inquiry(work, inquiry_id)
        sent = read_json(NewAnswer)
        answer_inquiry(
            work,
            vault=services().vault,
            inquiry_id=inquiry_id,
            text=sent.text,
            answers_to=sent.answers_to,
            mailbox=services().settings.mailbox,
            sending=services().settings.smtp_url is not None,
        )
    return answer(Moved(inquiry_id, InquiryState.ANSWERED))


@requires(Permission.INQUIRIES_WRITE)
@describes(
    Operation(
        id="closeInquiry",
        summary="Close an inquiry",
        description="Nothing more to do. It stays until two years after its last message.",
        tag="inquiries",
        path={"inquiry_id": "The inquiry's id."},
        answer=Moved,
        example={"id": ID, "state": "closed"},
        problems=(NotFound, IllegalStep),
        mode=True,
    )
)
def close(inquiry_id: uuid.UUID) -> Response:
    """Close one thread."""
    if caller().mode is Mode.TEST:
        raise NotFound
    with work_of_caller() as work:
        move_inquiry(work, inquiry_id=inquiry_id, to=InquiryState.CLOSED)
    return answer(Moved(inquiry_id, InquiryState.CLOSED))


def _record(work: UnitOfWork, sent: NewInquiry) -> Recorded:
    if sent.service not in subscribed_services(work):
        raise Invalid(fields={"/service": "Your organisation does not have this service."})
    typed = {name: getattr(sent, name) for name in _TYPED}
    asked = read_fields(
        sent.service,
        {name: str(text) for name, text in typed.items() if text is not None},
        required=("message",),
        handle=sent.consent.handle if sent.consent else None,
        language=sent.language,
    )
    if caller().mode is Mode.TEST:
        return Recorded(None, None)
    made = open_inquiry(
        work,
        vault=services().vault,
        service=sent.service,
        channel=sent.channel,
        asked=asked,
        consent=Consent(sent.consent.channel, sent.consent.at) if sent.consent else None,
        notice=sent.notice,
    )
    return Recorded(made.id, made.reference)
