"""Write down what somebody said on a public page, and mail the code that confirms it.

Whoever typed an address need not be who reads its mail, so nothing happens before the code comes
back: nobody can object, or withdraw, in somebody else's name.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from sqlalchemy import delete

from privacy.confirmations.codes import HOURS, digest_of, draw_code, spelled
from privacy.confirmations.models import PERSON, Confirmation
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.core.ids import new_id
from privacy.identities.people import Person, seal_person
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.compose import compose
from privacy.mails.kinds import MailKind
from privacy.vault.keyring import Keyring

Act = Literal["objection", "withdrawal"]


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said. `chosen`: to what is objected, or which consents are withdrawn."""

    act: Act
    service: str
    language: str
    chosen: Collection[str]
    person: Person = field(repr=False)


def ask_confirmation(
    work: UnitOfWork, vault: Keyring, said: Said, *, tenant: str, sending: bool
) -> uuid.UUID:
    """Keep it for a day, and mail a code. Returns what the code belongs to.

    Raises:
        Invalid: nothing was chosen, or there is no e-mail address to send a code to.
    """
    if not said.chosen:
        raise Invalid(fields={"chosen": "Choose at least one."})
    if not said.person.email:
        raise Invalid(fields={"email": "Fill in this field."})
    _ = said.person.identities
    row_id, code = new_id(), draw_code()
    work.session.add(
        Confirmation(
            tenant_id=work.tenant_id,
            id=row_id,
            act=said.act,
            service=said.service,
            language=said.language,
            chosen=sorted(said.chosen),
            person_sealed=PERSON.seal(work, vault, row_id, seal_person(said.person)),
            code_digest=digest_of(work, vault, row_id, code),
            tries=0,
            expires_at=work.now + timedelta(hours=HOURS),
        )
    )
    compose(
        work,
        vault,
        to=said.person.email,
        kind=MailKind.CENTRE_CODE,
        values={"tenant": tenant, "code": spelled(code), "hours": str(HOURS)},
        language=said.language,
        sending=sending,
    )
    record(work, Event.CONFIRMATION_SENT, subject=row_id, facts={"act": said.act})
    return row_id


def sweep_confirmations(work: UnitOfWork) -> int:
    """Forget what nobody confirmed in time; how many."""
    gone = work.connection.execute(
        delete(Confirmation).where(
            Confirmation.tenant_id == work.tenant_id, Confirmation.expires_at <= work.now
        )
    )
    return gone.rowcount
