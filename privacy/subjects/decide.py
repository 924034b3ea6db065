"""What people decide about a request: refuse it, extend its limit, tick off what they did."""

import uuid
from typing import Final

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.kinds import MailKind
from privacy.subjects.authorities import authority_text
from privacy.subjects.clerks import Clerk, WrongState, get_request
from privacy.subjects.limits import due_on
from privacy.subjects.models import ANSWER, EXTENSION, SubjectRequest, SubjectStep
from privacy.subjects.run import OPEN, mark_done
from privacy.subjects.seals import open_person
from privacy.subjects.verify import enqueue_run
from privacy.subjects.words import UNANSWERED, UNPROVEN, Ground, Phase, RequestState

LONGEST: Final = 4000


class TooLate(Invalid):
    """The first month is over, or it was extended before (GDPR Art. 12(3))."""

    code = "extension_too_late"
    message = "A limit is extended once, and its notice goes out within the first month."


def refuse_request(
    work: UnitOfWork, clerk: Clerk, *, request_id: uuid.UUID, ground: Ground, reasons: str
) -> None:
    """Refuse, in writing, with reasons, authority and remedy (GDPR Art. 12(4), promise C4).

    The notice goes by mail, or an agent sends it as a letter; only then the request is closed.

    Raises:
        NotFound; WrongState: it is under way or over; Invalid: no reasons were given.
    """
    row = get_request(work, request_id, lock=True)
    if RequestState(row.state) not in UNPROVEN:
        raise WrongState
    text = _reasons(reasons)
    row.answer_sealed = ANSWER.seal(work, clerk.vault, row.id, text.encode())
    row.ground, row.state = ground.value, RequestState.REFUSED.value
    row.decided_at = work.now
    row.code_digest = row.code_for = row.code_expires_at = None
    authority = authority_text(row.country)
    row.mail_id = _mail(work, clerk, row, MailKind.SUBJECT_REFUSED, text=text, authority=authority)
    record(work, Event.REQUEST_REFUSED, subject=row.id, facts={"ground": ground.value})


def extend_request(work: UnitOfWork, clerk: Clerk, *, request_id: uuid.UUID, reasons: str) -> None:
    """Two months more, with a notice that says why (GDPR Art. 12(3)).

    Raises:
        NotFound; WrongState: it is answered; TooLate; Invalid: no reasons were given.
    """
    row = get_request(work, request_id, lock=True)
    if RequestState(row.state) not in UNANSWERED:
        raise WrongState
    if row.extended_at is not None or work.today > row.due_on:
        raise TooLate
    text, received = _reasons(reasons), row.received_at.astimezone(work.now.tzinfo).date()
    row.extension_sealed = EXTENSION.seal(work, clerk.vault, row.id, text.encode())
    row.extended_at, row.told_on = work.now, None
    row.due_on = due_on(received, row.country, extended=True)
    _mail(work, clerk, row, MailKind.SUBJECT_EXTENDED, text=text, due=row.due_on.isoformat())
    record(work, Event.REQUEST_EXTENDED, subject=row.id)


def tick_off(work: UnitOfWork, *, request_id: uuid.UUID, place: int) -> None:
    """A person did what a step asks for, and answers for it with their name.

    Raises:
        NotFound; WrongState: there is no such step to be ticked off.
    """
    get_request(work, request_id, lock=True)
    step = work.session.get(SubjectStep, (work.tenant_id, request_id, place))
    if step is None or step.phase != Phase.MANUAL or step.state not in OPEN:
        raise WrongState
    mark_done(work, step)
    enqueue_run(work, request_id)


def _mail(
    work: UnitOfWork, clerk: Clerk, row: SubjectRequest, kind: MailKind, **values: str
) -> uuid.UUID | None:
    to = open_person(work, clerk.vault, row).email
    return clerk.mail(work, row, to, kind, **values) if to else None


def _reasons(text: str) -> str:
    plain = "\n".join(line.strip() for line in text.strip().splitlines())
    if not plain:
        raise Invalid(fields={"reasons": "Give the reasons: they go to the person."})
    if len(plain) > LONGEST:
        raise Invalid(fields={"reasons": f"Use up to {LONGEST} characters."})
    return plain
