"""Doubt who asks: the reason is recorded and told, and the limit pauses (GDPR Art. 12(6)).

It pauses for nothing else. Documents that prove who it is are sealed, and destroyed with the
decision (promise C7).
"""

import uuid
from datetime import UTC, timedelta

from privacy.core.db.work import UnitOfWork
from privacy.documents.keep import destroy_documents, give_document, list_documents
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.kinds import MailKind
from privacy.profiles.parts import DocumentUse
from privacy.subjects.clerks import Clerk, WrongState, get_request
from privacy.subjects.clocks import proof_until
from privacy.subjects.limits import due_on
from privacy.subjects.models import DOUBT, SubjectRequest
from privacy.subjects.seals import open_person
from privacy.subjects.texts import reasons_of
from privacy.subjects.words import UNPROVEN, RequestState


def ask_for_proof(work: UnitOfWork, clerk: Clerk, *, request_id: uuid.UUID, reasons: str) -> None:
    """Say why it is doubtful who asks, and what would prove it; the limit pauses from now on.

    Raises:
        NotFound; WrongState: identified already; Invalid: no reasons were given.
    """
    row = get_request(work, request_id, lock=True)
    if RequestState(row.state) not in UNPROVEN:
        raise WrongState
    text = reasons_of(reasons)
    row.doubt_sealed = DOUBT.seal(work, clerk.vault, row.id, text.encode())
    row.doubted_at = row.doubted_at or work.now
    row.state = RequestState.VERIFYING.value
    to = open_person(work, clerk.vault, row).email
    until = proof_until(row).isoformat()
    if to:
        clerk.mail(work, row, to, MailKind.SUBJECT_PROOF, text=text, until=until)
    record(work, Event.REQUEST_DOUBTED, subject=row.id)


def give_proof(
    work: UnitOfWork, clerk: Clerk, *, request_id: uuid.UUID, content: bytes
) -> uuid.UUID:
    """Seal a document that shows who asks; its id.

    Raises:
        NotFound; WrongState: identified already; Invalid: see privacy.documents.keep.
    """
    row = get_request(work, request_id, lock=True)
    if RequestState(row.state) not in UNPROVEN:
        raise WrongState
    use = DocumentUse.IDENTIFICATION
    given = give_document(
        work, clerk.vault, subject_id=row.id, service=row.service, use=use, content=content
    )
    _run_on(work, row)
    return given


def end_doubt(work: UnitOfWork, row: SubjectRequest, *, decided: str) -> None:
    """It is decided who asks, or that nobody knows: documents go, and the clock runs on."""
    _run_on(work, row)
    destroy_documents(work, subject_id=row.id, because=decided)


def _run_on(work: UnitOfWork, row: SubjectRequest) -> None:
    """The limit moves by the days until there was proof, or none was waited for any more; a day
    that an authority set stands."""
    if row.doubted_at is None or row.ordered_at is not None:
        return
    came = [one.given_at for one in list_documents(work, subject_id=row.id)]
    until = min(came).astimezone(UTC).date() if came else work.today
    paused = max(until - row.doubted_at.astimezone(UTC).date(), timedelta(0))
    received = row.received_at.astimezone(UTC).date()
    extended = row.extended_at is not None
    row.due_on = due_on(received, row.country, extended=extended, paused=paused)
