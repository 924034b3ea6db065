"""The answer: by mail where there is a proven address, else for an agent to give.

A request is closed when its answer has gone out, not when it was written (promise C4).
"""

import uuid
from datetime import timedelta

from sqlalchemy import delete, select

from privacy.core.db.work import UnitOfWork
from privacy.identities.shapes import Way
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.kinds import MailKind, MailState
from privacy.mails.models import Mail
from privacy.subjects.clerks import Clerk, WrongState, get_request
from privacy.subjects.codes import new_code
from privacy.subjects.collect import DAYS
from privacy.subjects.languages import title_of
from privacy.subjects.limits import evidence_until
from privacy.subjects.models import ANSWER, SubjectRequest, SubjectStep
from privacy.subjects.phrases import PHRASES, Phrases
from privacy.subjects.seals import open_person
from privacy.subjects.words import (
    COLLECTED,
    UNSENT,
    Because,
    Phase,
    RequestKind,
    RequestState,
    StepState,
)


def answer_request(work: UnitOfWork, clerk: Clerk, row: SubjectRequest) -> None:
    """Write the answer of a request whose other steps are over."""
    person = open_person(work, clerk.vault, row)
    to = person.email if Way.EMAIL in row.proven else ""
    text = _text(work, clerk, row)
    row.answer_sealed = ANSWER.seal(work, clerk.vault, row.id, text.encode())
    if not to:
        return
    if RequestKind(row.kind) in COLLECTED and not clerk.tenants:
        row.codes_sent = 0
        code = new_code(work, clerk.vault, row, "result", lives=timedelta(days=DAYS))
        row.mail_id = clerk.mail(work, row, to, MailKind.SUBJECT_READY, code=code, days=str(DAYS))
    else:
        row.mail_id = clerk.mail(work, row, to, MailKind.SUBJECT_ANSWERED, text=text)


def close_by_agent(work: UnitOfWork, *, request_id: uuid.UUID) -> None:
    """An agent gave the answer, by letter or telephone. Raises NotFound, WrongState."""
    row = get_request(work, request_id, lock=True)
    if RequestState(row.state) not in UNSENT:
        raise WrongState
    _close(work, row, "agent")


def close_answered(work: UnitOfWork) -> int:
    """Close the bound tenant's requests whose answer a mail server took. Returns how many."""
    answered = (
        select(SubjectRequest)
        .join(
            Mail,
            (Mail.tenant_id == SubjectRequest.tenant_id) & (Mail.id == SubjectRequest.mail_id),
        )
        .where(
            SubjectRequest.state.in_([state.value for state in UNSENT]),
            Mail.state == MailState.SENT.value,
        )
        .with_for_update(of=SubjectRequest, skip_locked=True)
    )
    rows = list(work.session.scalars(answered))
    for row in rows:
        _close(work, row, "mail")
    return len(rows)


def sweep_requests(work: UnitOfWork) -> int:
    """Delete the bound tenant's requests whose evidence is needed no longer."""
    gone = work.connection.execute(
        delete(SubjectRequest).where(
            SubjectRequest.tenant_id == work.tenant_id, SubjectRequest.ends_on <= work.today
        )
    ).rowcount
    if gone:
        record(work, Event.REQUESTS_DESTROYED, facts={"count": gone})
    return gone


def _close(work: UnitOfWork, row: SubjectRequest, by: str) -> None:
    row.state, row.closed_at = RequestState.CLOSED.value, work.now
    row.ends_on = evidence_until(work.today)
    record(work, Event.REQUEST_CLOSED, subject=row.id, facts={"by": by})


def _text(work: UnitOfWork, clerk: Clerk, row: SubjectRequest) -> str:
    said, kind = PHRASES[row.language], RequestKind(row.kind)
    if kind is RequestKind.ERASURE and not clerk.tenants:
        return "\n".join(_erasure(work, row, said))
    if clerk.tenants:
        return "\n".join(
            [said["forwarded"], *clerk.names.values()] if clerk.names else [said["nowhere"]]
        )
    if kind in COLLECTED:
        return said["file"]
    told = sum(step.phase == Phase.NOTIFY for step in _steps(work, row))
    lines = [said[kind.value.removesuffix("_objection")]]
    return "\n".join([*lines, said["told"].format(count=told)] if told else lines)


def _erasure(work: UnitOfWork, row: SubjectRequest, said: Phrases) -> list[str]:
    """Promise C2: the answer names what was kept, why, and until when."""
    steps = _steps(work, row)
    erased = [step for step in steps if step.phase == Phase.ERASE]
    lines = [said["erasure"], ""]
    lines += [
        said["erased"].format(what=title_of(row.language, one.holder), count=one.found)
        for one in erased
        if one.found
    ]
    lines += [_kept(row, one, said) for one in erased if one.state == StepState.RETAINED]
    told = sum(step.phase == Phase.NOTIFY for step in steps)
    return [*lines, said["told"].format(count=told)] if told else lines


def _kept(row: SubjectRequest, step: SubjectStep, said: Phrases) -> str:
    until = said["until"].format(day=step.until.isoformat()) if step.until else ""
    because = said[Because(step.because)] if step.because else ""
    what = title_of(row.language, step.holder)
    return said["kept"].format(what=what, count=step.retained, because=because, until=until)


def _steps(work: UnitOfWork, row: SubjectRequest) -> list[SubjectStep]:
    mine = select(SubjectStep).where(SubjectStep.request_id == row.id)
    return list(work.session.scalars(mine.order_by(SubjectStep.place)))
