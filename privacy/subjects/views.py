"""Requests as people and programs see them."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlalchemy import or_, select

from privacy.core.db.work import UnitOfWork
from privacy.identities.people import Person
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.restrictions.begin import restriction_of
from privacy.restrictions.models import Restriction
from privacy.subjects.clerks import get_request
from privacy.subjects.clocks import is_overdue, is_paused, unsent, waits_until
from privacy.subjects.corrections import NOTHING, Correction, open_correction
from privacy.subjects.models import (
    ANSWER,
    DOUBT,
    EXTENSION,
    ORDER,
    WISH,
    SubjectRequest,
    SubjectStep,
)
from privacy.subjects.seals import open_person
from privacy.subjects.words import (
    COLLECTED,
    UNANSWERED,
    Because,
    Ground,
    Method,
    Phase,
    RequestChannel,
    RequestKind,
    RequestState,
    StepState,
)
from privacy.vault.keyring import Keyring

MOST: Final = 100


@dataclass(frozen=True, slots=True)
class StepView:
    """One step."""

    place: int
    phase: Phase
    holder: str
    state: StepState
    found: int
    retained: int
    because: Because | None
    until: date | None
    failure_code: str | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request. `steps` are empty in lists."""

    id: uuid.UUID
    reference: str
    service: str
    kind: RequestKind
    channel: RequestChannel
    state: RequestState
    country: str
    language: str
    person: Person = field(repr=False)
    received_at: datetime
    due_on: date
    overdue: bool
    paused: bool
    proof_until: date | None
    ordered_at: datetime | None
    forwarded_at: datetime | None
    extended_at: datetime | None
    verified_at: datetime | None
    method: Method | None
    proven: tuple[str, ...]
    ground: Ground | None
    decided_at: datetime | None
    fetched_at: datetime | None
    closed_at: datetime | None
    has_code: bool
    mailed: bool
    certificate: str | None = field(repr=False)
    wish: str = field(default="", repr=False)
    correction: Correction = NOTHING
    doubt: str = field(default="", repr=False)
    order: str = field(default="", repr=False)
    restriction: Restriction | None = field(default=None, repr=False)
    answer: str = field(default="", repr=False)
    extension: str = field(default="", repr=False)
    steps: tuple[StepView, ...] = ()

    @property
    def has_file(self) -> bool:
        """Whether there is a file to be fetched."""
        ready = self.state in (RequestState.DONE, RequestState.CLOSED)
        return self.kind in COLLECTED and ready and self.fetched_at is None


def list_requests(
    work: UnitOfWork,
    vault: Keyring,
    *,
    states: Collection[RequestState] = (),
    before: uuid.UUID | None = None,
    limit: int = MOST,
) -> list[RequestView]:
    """Up to `limit` requests, the latest recorded first; said in the ledger.

    Args:
        states: only in one of these; all of them when empty.
        before: only those recorded before this one.
    """
    query = select(SubjectRequest).order_by(SubjectRequest.id.desc()).limit(min(limit, MOST))
    if states:
        query = query.where(SubjectRequest.state.in_([state.value for state in states]))
    if before is not None:
        query = query.where(SubjectRequest.id < before)
    return _listed(work, vault, list(work.session.scalars(query)))


def list_open(work: UnitOfWork, vault: Keyring) -> list[RequestView]:
    """Up to a hundred that wait for an answer, or for somebody to give it, the first due first;
    said in the ledger."""
    unanswered = SubjectRequest.state.in_([state.value for state in UNANSWERED])
    query = select(SubjectRequest).where(or_(unanswered, unsent()))
    ordered = query.order_by(SubjectRequest.due_on, SubjectRequest.id).limit(MOST)
    return _listed(work, vault, list(work.session.scalars(ordered)))


def view_request(work: UnitOfWork, vault: Keyring, *, request_id: uuid.UUID) -> RequestView:
    """One request with its steps; said in the ledger. Raises NotFound."""
    row = get_request(work, request_id)
    record(work, Event.REQUEST_VIEWED, subject=row.id)
    return _view(work, vault, row, whole=True)


def _listed(work: UnitOfWork, vault: Keyring, rows: list[SubjectRequest]) -> list[RequestView]:
    record(work, Event.REQUESTS_LISTED, facts={"found": len(rows)})
    return [_view(work, vault, row) for row in rows]


def _view(
    work: UnitOfWork, vault: Keyring, row: SubjectRequest, *, whole: bool = False
) -> RequestView:
    state = RequestState(row.state)
    texts = _texts(work, vault, row) if whole else {}
    return RequestView(
        id=row.id,
        reference=row.reference,
        service=row.service,
        kind=RequestKind(row.kind),
        channel=RequestChannel(row.channel),
        state=state,
        country=row.country,
        language=row.language,
        person=open_person(work, vault, row),
        received_at=row.received_at,
        due_on=row.due_on,
        overdue=is_overdue(work, row),
        paused=is_paused(work, row),
        proof_until=waits_until(row),
        ordered_at=row.ordered_at,
        forwarded_at=row.forwarded_at,
        restriction=restriction_of(work, row.id) if whole else None,
        extended_at=row.extended_at,
        verified_at=row.verified_at,
        method=Method(row.method) if row.method else None,
        proven=tuple(row.proven),
        ground=Ground(row.ground) if row.ground else None,
        decided_at=row.decided_at,
        fetched_at=row.fetched_at,
        closed_at=row.closed_at,
        has_code=row.code_digest is not None,
        mailed=row.mail_id is not None,
        certificate=row.certificate,
        steps=tuple(_steps(work, row.id)) if whole else (),
        correction=open_correction(work, vault, row),
        **texts,
    )


def _texts(work: UnitOfWork, vault: Keyring, row: SubjectRequest) -> dict[str, str]:
    sealed = (
        ("wish", WISH, row.wish_sealed),
        ("answer", ANSWER, row.answer_sealed),
        ("extension", EXTENSION, row.extension_sealed),
        ("doubt", DOUBT, row.doubt_sealed),
        ("order", ORDER, row.order_sealed),
    )
    return {
        name: column.open(work, vault, row.id, text).decode()
        for name, column, text in sealed
        if text is not None
    }


def _steps(work: UnitOfWork, request_id: uuid.UUID) -> list[StepView]:
    mine = select(SubjectStep).where(SubjectStep.request_id == request_id)
    return [
        StepView(
            place=step.place,
            phase=Phase(step.phase),
            holder=step.holder,
            state=StepState(step.state),
            found=step.found,
            retained=step.retained,
            because=Because(step.because) if step.because else None,
            until=step.until,
            failure_code=step.failure_code,
            done_at=step.done_at,
        )
        for step in work.session.scalars(mine.order_by(SubjectStep.place))
    ]
