"""What people decide about a request: refuse it, extend its limit, tick off what they did."""

import uuid
from datetime import UTC, date
from typing import Final

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.kinds import MailKind, MailState
from privacy.mails.letters import write_letter
from privacy.mails.models import Mail
from privacy.subjects.authorities import authority_text
from privacy.subjects.clerks import Clerk, WrongState, get_request
from privacy.subjects.doubts import end_doubt
from privacy.subjects.limits import due_on
from privacy.subjects.models import ANSWER, EXTENSION, SubjectRequest, SubjectStep
from privacy.subjects.run import OPEN, mark_done
from privacy.subjects.seals import open_person
from privacy.subjects.texts import reasons_of
from privacy.subjects.verify import enqueue_run
from privacy.subjects.words import (
    GROUNDS_OF,
    TICKED,
    UNANSWERED,
    UNDER_WAY,
    UNPROVEN,
    WISHED,
    Ground,
    RequestKind,
    RequestState,
)

_LATE: Final = (RequestState.RECEIVED, RequestState.VERIFYING, *UNDER_WAY)


class TooLate(Invalid):
    """The first month is over, or it was extended before (GDPR Art. 12(3))."""

    code = "extension_too_late"
    message = "A limit is extended once, and its notice goes out within the first month."


class WrongGround(Invalid):
    """The article of this right knows no such ground."""

    code = "wrong_ground"
    message = "A request of this kind cannot be refused on this ground."


def refuse_request(
    work: UnitOfWork, clerk: Clerk, *, request_id: uuid.UUID, ground: Ground, reasons: str
) -> None:
    """Refuse, in writing, with reasons, authority and remedy (GDPR Art. 12(4), promise C4).

    The notice goes by mail, or an agent sends it as a letter; only then the request is closed.
    What was restricted stays so until the person was told of that, too (see restrict).

    Raises:
        NotFound; WrongState: it is under way or over; WrongGround; Invalid: no reasons.
    """
    row = get_request(work, request_id, lock=True)
    kind, state = RequestKind(row.kind), RequestState(row.state)
    if state not in UNPROVEN and not (kind in WISHED and state in UNDER_WAY):
        raise WrongState
    if ground not in GROUNDS_OF[kind]:
        raise WrongGround(fields={"ground": WrongGround.message})
    write_refusal(work, clerk, row, ground=ground, text=reasons_of(reasons))


def write_refusal(
    work: UnitOfWork, clerk: Clerk, row: SubjectRequest, *, ground: Ground, text: str
) -> None:
    """The notice of a locked row's refusal, kept whole, and sent where there is an address."""
    end_doubt(work, row, decided="refused")
    authority = authority_text(row.country)
    given = {"tenant": clerk.tenant, "reference": row.reference, "authority": authority}
    letter = write_letter(
        MailKind.SUBJECT_REFUSED, to="", language=row.language, values=given | {"text": text}
    )
    row.answer_sealed = ANSWER.seal(work, clerk.vault, row.id, letter.body.encode())
    row.ground, row.state = ground.value, RequestState.REFUSED.value
    row.decided_at = work.now
    row.code_digest = row.code_for = row.code_expires_at = None
    row.mail_id = _mail(work, clerk, row, MailKind.SUBJECT_REFUSED, text=text, authority=authority)
    record(work, Event.REQUEST_REFUSED, subject=row.id, facts={"ground": ground.value})


def extend_request(work: UnitOfWork, clerk: Clerk, *, request_id: uuid.UUID, reasons: str) -> None:
    """Ask for two months more, with a notice that says why (GDPR Art. 12(3)).

    The limit moves when the notice has gone out, and only if that is within the first month: see
    `settle_extensions`, and `extension_told` for a letter.

    Raises:
        NotFound; WrongState: it is answered; TooLate; Invalid: no reasons were given.
    """
    row = get_request(work, request_id, lock=True)
    if RequestState(row.state) not in UNANSWERED:
        raise WrongState
    asked = row.extension_sealed is not None or row.ordered_at is not None
    if asked or work.today > row.due_on:
        raise TooLate
    text = reasons_of(reasons)
    row.extension_sealed = EXTENSION.seal(work, clerk.vault, row.id, text.encode())
    later = _later(row).isoformat()
    row.extension_mail_id = _mail(work, clerk, row, MailKind.SUBJECT_EXTENDED, text=text, due=later)
    record(work, Event.REQUEST_EXTENDING, subject=row.id)


def extension_told(work: UnitOfWork, *, request_id: uuid.UUID) -> None:
    """An agent sent an extension's notice as a letter. Raises NotFound, WrongState, TooLate."""
    row = get_request(work, request_id, lock=True)
    if row.extension_sealed is None or RequestState(row.state) not in UNANSWERED:
        raise WrongState
    if row.extended_at is not None or work.today > row.due_on:
        raise TooLate
    _extend(work, row)


def settle_extensions(work: UnitOfWork) -> int:
    """Move the limits of the bound tenant whose notices a mail server took in time."""
    told = (
        select(SubjectRequest, Mail.sent_at)
        .join(
            Mail,
            (Mail.tenant_id == SubjectRequest.tenant_id)
            & (Mail.id == SubjectRequest.extension_mail_id),
        )
        .where(
            SubjectRequest.extended_at.is_(None),
            SubjectRequest.state.in_([state.value for state in _LATE]),
            Mail.state == MailState.SENT.value,
        )
        .with_for_update(of=SubjectRequest, skip_locked=True)
    )
    moved = 0
    for row, sent_at in work.session.execute(told):
        if sent_at is not None and sent_at.astimezone(UTC).date() <= row.due_on:
            _extend(work, row)
            moved += 1
    return moved


def put_kind(work: UnitOfWork, *, request_id: uuid.UUID, kind: RequestKind) -> None:
    """Somebody read the mail: it asks for something else. Before anything is done.

    Raises:
        NotFound; WrongState: the person is identified already; Invalid: an objection to marketing
            is recorded by its purposes, and so as a new request.
    """
    row = get_request(work, request_id, lock=True)
    if RequestState(row.state) not in UNPROVEN:
        raise WrongState
    if RequestKind.OBJECTION in (kind, RequestKind(row.kind)):
        raise Invalid(fields={"kind": "Record an objection to marketing on its own."})
    if kind in WISHED and row.wish_sealed is None and row.change_sealed is None:
        raise Invalid(fields={"kind": "The request does not say what."})
    row.kind = kind.value
    record(work, Event.REQUEST_REGARDED, subject=row.id, facts={"kind": kind.value})


def tick_off(work: UnitOfWork, *, request_id: uuid.UUID, place: int) -> None:
    """A person did what a step asks for, and answers for it with their name.

    Raises:
        NotFound; WrongState: there is no such step to be ticked off.
    """
    get_request(work, request_id, lock=True)
    step = work.session.get(SubjectStep, (work.tenant_id, request_id, place))
    if step is None or step.phase not in TICKED or step.state not in OPEN:
        raise WrongState
    mark_done(work, step)
    enqueue_run(work, request_id)


def _extend(work: UnitOfWork, row: SubjectRequest) -> None:
    row.due_on = _later(row)
    row.extended_at, row.told_on = work.now, None
    record(work, Event.REQUEST_EXTENDED, subject=row.id)


def _later(row: SubjectRequest) -> date:
    return due_on(row.received_at.astimezone(UTC).date(), row.country, extended=True)


def _mail(
    work: UnitOfWork, clerk: Clerk, row: SubjectRequest, kind: MailKind, **values: str
) -> uuid.UUID | None:
    to = open_person(work, clerk.vault, row).email
    return clerk.mail(work, row, to, kind, **values) if to else None
