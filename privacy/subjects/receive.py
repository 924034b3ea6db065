"""A request arrives: it gets a reference, a day by which it is answered, and a receipt (C7)."""

import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from privacy.consents.moments import said_at
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.core.ids import new_id
from privacy.identities.people import Person, seal_person
from privacy.identities.shapes import Identity
from privacy.identities.tokens import tokens_of
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.kinds import MailKind
from privacy.objections.record import record_objection
from privacy.objections.shapes import Objecting
from privacy.profiles import profile
from privacy.profiles.parts import Objection, ObjectionChannel
from privacy.subjects.authorities import AUTHORITIES
from privacy.subjects.clerks import LANGUAGES, Clerk
from privacy.subjects.clocks import proof_until
from privacy.subjects.corrections import NOTHING, Correction, seal_correction
from privacy.subjects.limits import due_on
from privacy.subjects.models import PERSON, WISH, SubjectRequest
from privacy.subjects.verify import send_code, telephone_code
from privacy.subjects.words import WISHED, RequestChannel, RequestKind, RequestState

WISH_LONGEST: Final = 4000
_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for. `received_at` is when it reached us; None: now.

    Args:
        country: whose authority the controller answers to; None: the service's profile says so.
        objections: what an objection is to.
        wish: what is to be corrected or restricted, or why somebody objects, in their words.
        correction: what is to stand in place of what is on file.
        bundle_id: what one person's requests to several tenants share.
        every_service: the person did not say which; `service` is then whose letters are written.
    """

    kind: RequestKind
    channel: RequestChannel
    person: Person = field(repr=False)
    service: str
    country: str | None = None
    language: str = "en"
    received_at: datetime | None = None
    wish: str = field(default="", repr=False)
    objections: Collection[Objection] = ()
    correction: Correction = NOTHING
    bundle_id: uuid.UUID | None = None
    every_service: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """The receipt.

    Args:
        proof_until: the last day on which proof of who it is is waited for (see clocks).
        code: for somebody without an address who asked by a form, shown once: they say it when
            the number on file is called.
    """

    id: uuid.UUID
    reference: str
    due_on: date
    proof_until: date
    code: str | None = field(default=None, repr=False)


def receive_request(work: UnitOfWork, clerk: Clerk, asked: Asked) -> Received:
    """Write a request down. Where an address was given, a receipt and a code go there.

    An objection is honoured in this very transaction, as everywhere (promise C6).

    Raises:
        Invalid: nobody is named, something is missing, or it has not arrived yet.
    """
    row = write_request(work, clerk, asked)
    code = _answer_at_once(work, clerk, row, asked)
    return Received(row.id, row.reference, row.due_on, proof_until(row), code)


def write_request(work: UnitOfWork, clerk: Clerk, asked: Asked) -> SubjectRequest:
    """Write it down, and write to nobody. Raises Invalid."""
    at, country = said_at(work, asked.received_at), _checked(asked)
    row = SubjectRequest(
        tenant_id=work.tenant_id,
        id=new_id(),
        reference=_reference(),
        service=asked.service,
        kind=asked.kind.value,
        channel=asked.channel.value,
        state=RequestState.RECEIVED.value,
        country=country,
        language=asked.language,
        received_at=at,
        recorded_at=work.now,
        recorded_by=work.actor.id,
        due_on=due_on(at.astimezone(work.now.tzinfo).date(), country),
        proven=[],
        code_tries=0,
        codes_sent=0,
        bundle_id=asked.bundle_id,
        every_service=asked.every_service,
    )
    _seal(work, clerk, row, asked)
    work.session.add(row)
    work.session.flush()
    facts = {"kind": row.kind, "channel": row.channel}
    record(work, Event.REQUEST_RECEIVED, subject=row.id, facts=facts)
    return row


def _answer_at_once(
    work: UnitOfWork, clerk: Clerk, row: SubjectRequest, asked: Asked
) -> str | None:
    receipt = None
    if asked.person.email:
        told = {"due": row.due_on.isoformat(), "until": proof_until(row).isoformat()}
        receipt = clerk.mail(work, row, asked.person.email, MailKind.SUBJECT_RECEIVED, **told)
    if asked.kind is RequestKind.OBJECTION:
        channel = ObjectionChannel(asked.channel.value)
        said = Objecting(asked.person, asked.objections, channel, asked.received_at)
        record_objection(work, clerk.vault, said)
        row.state, row.decided_at, row.mail_id = RequestState.DONE.value, work.now, receipt
        record(work, Event.REQUEST_DONE, subject=row.id)
    elif asked.person.email:
        send_code(work, clerk, request_id=row.id)
    elif asked.channel is RequestChannel.FORM:
        return telephone_code(work, clerk, request_id=row.id)
    return None


def _seal(work: UnitOfWork, clerk: Clerk, row: SubjectRequest, asked: Asked) -> None:
    vault, person = clerk.vault, asked.person
    row.person_sealed = PERSON.seal(work, vault, row.id, seal_person(person))
    if asked.wish:
        row.wish_sealed = WISH.seal(work, vault, row.id, asked.wish.encode())
    if asked.correction:
        row.change_sealed = seal_correction(work, vault, row, asked.correction)
    if person.email:
        (row.email_token,) = tokens_of(work, vault, [Identity.email(person.email)])
    if person.phone:
        (row.phone_token,) = tokens_of(work, vault, [Identity.phone(person.phone)])


def _checked(asked: Asked) -> str:
    """The country. Raises Invalid."""
    if not asked.person.email and not asked.person.phone:
        raise Invalid("Name an e-mail address or a telephone number.")
    _ = asked.person.identities
    country = asked.country or profile(asked.service).controller.country
    if country not in AUTHORITIES:
        raise Invalid(fields={"country": f"Use one of {', '.join(AUTHORITIES)}."})
    if asked.language not in LANGUAGES:
        raise Invalid(fields={"language": f"Use one of {', '.join(LANGUAGES)}."})
    if asked.kind in WISHED and not (asked.wish.strip() or asked.correction):
        raise Invalid(fields={"wish": "Say what is to be corrected or restricted, or why."})
    if asked.correction and asked.kind is not RequestKind.RECTIFICATION:
        raise Invalid(fields={"kind": "Only a rectification corrects anything."})
    asked.correction.check()
    if len(asked.wish) > WISH_LONGEST:
        raise Invalid(fields={"wish": f"Use up to {WISH_LONGEST} characters."})
    if (asked.kind is RequestKind.OBJECTION) != bool(asked.objections):
        raise Invalid(fields={"objections": "Choose what the person objects to."})
    return country


def _reference() -> str:
    """`R-K7Q2-9XHM`: 39 random bits; two of a tenant alike are refused by the database."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"R-{drawn[:4]}-{drawn[4:]}"
