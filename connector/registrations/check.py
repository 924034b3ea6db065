"""Check registrations (promise A14): method and outcome are recorded; false data is corrected.

Identity documents are not asked for here.
"""

import uuid
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import select

from connector.inquiries.texts import many_lines
from connector.registrations.details import Details, withheld
from connector.registrations.models import Registrant, RegistrationCheck
from connector.registrations.seals import open_details, seal_note
from connector.registrations.views import RegistrationView, find_registrant, view_registration
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict, Invalid
from privacy.core.ids import new_id
from privacy.documents.keep import destroy_documents
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.compose import compose
from privacy.mails.kinds import MailKind
from privacy.suppressions.uses import Use, standing_for
from privacy.vault.keyring import Keyring
from tenants.tenants.views import view_tenant

_LONGEST_NOTE = 1000


class Method(StrEnum):
    """How somebody checked."""

    PLAUSIBILITY = "plausibility"
    CALL = "telephone_call"
    LETTER = "letter"
    REGISTER = "public_register"
    DOCUMENT = "identity_document"


class Outcome(StrEnum):
    """What came of it."""

    RIGHT = "right"
    ASKED = "asked"
    """The holder is asked to correct it."""
    DOUBTFUL = "doubtful"


class NotActive(Conflict):
    """The account is closed or was never confirmed."""

    code = "registration_not_active"
    message = "Only a confirmed registration that is still open can be checked."


@dataclass(frozen=True, slots=True)
class RegistrationLine:
    """A line of the list."""

    row: Registrant
    details: Details


def list_registrations(
    work: UnitOfWork, *, vault: Keyring, check_state: str | None = None, limit: int = 200
) -> list[RegistrationLine]:
    """The newest registrations that are open; said in the ledger."""
    statement = select(Registrant).where(Registrant.state == "active")
    if check_state is not None:
        statement = statement.where(Registrant.check_state == check_state)
    ordered = statement.order_by(Registrant.created_at.desc(), Registrant.id.desc()).limit(limit)
    found = list(work.session.scalars(ordered))
    record(work, Event.REGISTRATIONS_LISTED, facts={"found": len(found)})
    standing = standing_for(work, vault, use=Use.ACCOUNTS)
    return [
        RegistrationLine(row, withheld(open_details(work, vault, row), standing)) for row in found
    ]


def look_at_registration(
    work: UnitOfWork, *, vault: Keyring, registrant_id: uuid.UUID
) -> RegistrationView:
    """One registration; said in the ledger. Raises NotFound."""
    view = view_registration(work, vault, registrant_id)
    record(work, Event.REGISTRATION_VIEWED, subject=registrant_id)
    details = withheld(view.details, standing_for(work, vault, use=Use.ACCOUNTS))
    return replace(view, details=details, own=view.own if details == view.details else [])


def check_registration(
    work: UnitOfWork,
    *,
    vault: Keyring,
    registrant_id: uuid.UUID,
    method: Method,
    outcome: Outcome,
    note: str = "",
    link: str = "",
    sending: bool,
) -> None:
    """Record a check; `asked` writes to the holder, with the note and the link to the account.
    Documents that were given are destroyed when they were looked at, or nobody needs them.

    Raises:
        NotFound; NotActive; Invalid: who is asked to correct something is told what.
    """
    row = find_registrant(work, registrant_id, lock=True)
    if row.state != "active":
        raise NotActive
    text = many_lines(note)[:_LONGEST_NOTE]
    if outcome is Outcome.ASKED and not text:
        raise Invalid(fields={"note": "Say what is to be corrected."})
    _keep(work, vault, row, method, outcome, text)
    if outcome is Outcome.RIGHT or method is Method.DOCUMENT:
        destroy_documents(work, subject_id=row.id, because=outcome.value)
    if outcome is Outcome.ASKED:
        _ask(work, vault, row, text, link, sending=sending)
    facts: dict[str, str | int] = {"method": method.value, "outcome": outcome.value}
    record(work, Event.REGISTRATION_CHECKED, subject=row.id, facts=facts)


def _keep(
    work: UnitOfWork, vault: Keyring, row: Registrant, method: Method, outcome: Outcome, note: str
) -> None:
    check_id = new_id()
    work.session.add(
        RegistrationCheck(
            tenant_id=work.tenant_id,
            id=check_id,
            registrant_id=row.id,
            method=method.value,
            outcome=outcome.value,
            note_sealed=seal_note(work, vault, check_id, note),
            checked_by=work.actor.id,
            at=work.now,
        )
    )
    row.check_state = outcome.value
    work.session.flush()


def _ask(
    work: UnitOfWork, vault: Keyring, row: Registrant, text: str, link: str, *, sending: bool
) -> None:
    values = {"tenant": view_tenant(vault, work).name, "text": text, "link": link}
    compose(
        work,
        vault,
        to=open_details(work, vault, row).email,
        kind=MailKind.REGISTRATION_CORRECT,
        values=values,
        sending=sending,
    )
