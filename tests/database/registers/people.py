"""What people say, for tests: reserved numbers and domains."""

import uuid
from datetime import datetime

from privacy.consents.give import give_consent
from privacy.consents.purposes import ConsentPurpose
from privacy.consents.shapes import ConsentChannel, GivenConsent, Wording
from privacy.core.db.work import UnitOfWork
from privacy.identities.people import Person
from privacy.identities.shapes import Identity
from privacy.objections.record import record_objection
from privacy.objections.shapes import Objecting
from privacy.profiles.parts import Objection, ObjectionChannel
from privacy.suppressions.check import may_send
from privacy.suppressions.purposes import Sending
from privacy.suppressions.verdicts import Reason
from tests.tenancies import Tenancy

NUMBER = "+12025550143"
ADDRESS = "robin@example.com"
ROBIN = Person(email=ADDRESS, phone=NUMBER, name="Robin Example")
WORDS = Wording("I would like your newsletter by e-mail.", "en", "2026-1")


def agree(
    work: UnitOfWork,
    tenancy: Tenancy,
    *,
    service: str = "V",
    purpose: ConsentPurpose = ConsentPurpose.DIRECT_MARKETING,
    person: Person = ROBIN,
    at: datetime | None = None,
    wording: Wording = WORDS,
) -> uuid.UUID:
    """Robin, or somebody else, agrees by a form."""
    given = GivenConsent(
        service=service,
        purpose=purpose,
        person=person,
        wording=wording,
        channel=ConsentChannel.FORM,
        at=at,
        evidence="form 7, entry 12",
    )
    return give_consent(work, tenancy.vault, given)


def object_to(
    work: UnitOfWork,
    tenancy: Tenancy,
    *objections: Objection,
    person: Person = ROBIN,
    channel: ObjectionChannel = ObjectionChannel.TELEPHONE,
) -> list[uuid.UUID]:
    """Robin, or somebody else, objects."""
    said = Objecting(person=person, objections=objections, channel=channel)
    return record_objection(work, tenancy.vault, said)


def verdict(
    tenancy: Tenancy,
    purpose: Sending,
    *,
    services: tuple[str, ...] = ("V",),
    email: str = "",
    number: str = "",
) -> tuple[bool, Reason]:
    """What the suppression check says."""
    to = Identity.email(email) if email else Identity.phone(number)
    with tenancy.work() as work:
        said = may_send(work, tenancy.vault, purpose=purpose, to=to, services=services)
    return said.allowed, said.reason
