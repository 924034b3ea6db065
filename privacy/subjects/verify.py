"""Who asks is identified before anything is disclosed or erased (promise C7, GDPR Art. 12(6)).

A code proves the address that it was sent to. A number is proven by calling it, or when a record
on file has that number together with the proven address. Nothing is found by what is not
proven. Documents are sealed and destroyed with the decision: that they were seen, by whom and
when, is what is kept.
"""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from privacy.identities.people import Person
from privacy.identities.shapes import Way
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.kinds import MailKind
from privacy.subjects.clerks import Clerk, WrongState, get_request
from privacy.subjects.codes import HOURS, new_code, take_code
from privacy.subjects.corrections import corrected_by_themselves
from privacy.subjects.doubts import end_doubt
from privacy.subjects.models import SubjectRequest
from privacy.subjects.plan import plan_steps
from privacy.subjects.seals import open_person
from privacy.subjects.words import UNPROVEN, Method, RequestState

CALLED_WITHIN: Final = 14
"""Days in which somebody who gave a number is called."""
_PROVES: Final = {
    Method.CODE: (Way.EMAIL,),
    Method.CALL_BACK: (Way.PHONE,),
    Method.DOCUMENTS: (Way.EMAIL, Way.PHONE),
    Method.IN_PERSON: (Way.EMAIL, Way.PHONE),
}


def send_code(work: UnitOfWork, clerk: Clerk, *, request_id: uuid.UUID) -> None:
    """Send a new code to the address of the request; the one before ends.

    Raises:
        NotFound; WrongState: identified already; Invalid: there is no address; TooManyCodes.
    """
    row = _unproven(work, request_id)
    person = open_person(work, clerk.vault, row)
    if not person.email:
        raise Invalid("There is no e-mail address. Call the number on file instead.")
    code = new_code(work, clerk.vault, row, "identity", lives=timedelta(hours=HOURS))
    row.state = RequestState.VERIFYING.value
    clerk.mail(work, row, person.email, MailKind.SUBJECT_CODE, code=code, hours=str(HOURS))


def verify_by_code(work: UnitOfWork, clerk: Clerk, *, request_id: uuid.UUID, code: str) -> bool:
    """Whether it is the code; then the request runs. A wrong one counts: commit, then refuse.

    Raises:
        NotFound; WrongState: the request waits for no code.
    """
    row = _unproven(work, request_id)
    if not take_code(work, clerk.vault, row, "identity", code):
        return False
    _proven(work, clerk, row, Method.CODE)
    return True


def telephone_code(work: UnitOfWork, clerk: Clerk, *, request_id: uuid.UUID) -> str:
    """A code for the person to say when the number on file is called; shown once, to them.

    Raises:
        NotFound; WrongState: identified already; Invalid: there is no number; TooManyCodes.
    """
    row = _unproven(work, request_id)
    if not open_person(work, clerk.vault, row).phone:
        raise Invalid("There is no telephone number.")
    row.state = RequestState.VERIFYING.value
    return new_code(work, clerk.vault, row, "telephone", lives=timedelta(days=CALLED_WITHIN))


def verify_by_telephone(
    work: UnitOfWork, clerk: Clerk, *, request_id: uuid.UUID, code: str
) -> bool:
    """An agent called the number on file and was told this code: whether it is the one.

    As with any code a wrong one counts: commit, then refuse. It proves the number alone.

    Raises:
        NotFound; WrongState: the request waits for no code.
    """
    row = _unproven(work, request_id)
    if not take_code(work, clerk.vault, row, "telephone", code):
        return False
    _proven(work, clerk, row, Method.CALL_BACK)
    return True


def verify_by_agent(
    work: UnitOfWork, clerk: Clerk, *, request_id: uuid.UUID, method: Method
) -> None:
    """An agent has identified the person, and answers for it with their name.

    Raises:
        NotFound; WrongState: identified already; Invalid: the method proves nothing here.
    """
    if method is Method.CODE:
        raise Invalid(fields={"method": "A code is entered, not vouched for."})
    _proven(work, clerk, _unproven(work, request_id), method)


def _unproven(work: UnitOfWork, request_id: uuid.UUID) -> SubjectRequest:
    row = get_request(work, request_id, lock=True)
    if RequestState(row.state) not in UNPROVEN:
        raise WrongState
    return row


def _proven(work: UnitOfWork, clerk: Clerk, row: SubjectRequest, method: Method) -> None:
    person = open_person(work, clerk.vault, row)
    given = {Way.EMAIL: person.email, Way.PHONE: person.phone}
    ways = [way for way in _PROVES[method] if given[way]]
    if not ways:
        raise Invalid(fields={"method": "The request has no telephone number to call."})
    if set(ways) != {way for way in given if given[way]} and all(given.values()):
        ways = list(given) if _tied(work, clerk, person) else ways
    let_run(work, clerk, row, method, _words(ways))


def _tied(work: UnitOfWork, clerk: Clerk, person: Person) -> bool:
    """Whether somebody else than the person said that address and number are one person's."""
    if not clerk.tracing.ties(work, clerk.vault, person):
        return False
    return not corrected_by_themselves(work, clerk.vault, person)


def let_run(
    work: UnitOfWork, clerk: Clerk, row: SubjectRequest, method: Method, proven: Iterable[str]
) -> None:
    """A locked row's person is identified by these ways: what is to be done is planned."""
    row.proven, row.method = list(proven), method.value
    row.verified_at, row.verified_by = work.now, work.actor.id
    row.code_digest = row.code_for = row.code_expires_at = None
    row.state = RequestState.RUNNING.value
    end_doubt(work, row, decided="identified")
    work.session.flush()
    facts = {"method": method.value, "ways": len(row.proven)}
    record(work, Event.REQUEST_VERIFIED, subject=row.id, facts=facts)
    plan_steps(work, clerk, row)
    enqueue_run(work, row.id)


def enqueue_run(work: UnitOfWork, request_id: uuid.UUID) -> None:
    """Let a worker do what is left to be done."""
    enqueue(work, name=JobName.SUBJECT_RUN, payload={"request_id": str(request_id)})


def _words(ways: Iterable[Way]) -> list[str]:
    return sorted(way.value for way in ways)
