"""Record that somebody agreed."""

import uuid
from typing import Final

from privacy.consents.models import EVIDENCE, PERSON, Consent, ConsentEvent, ConsentToken
from privacy.consents.moments import said_at
from privacy.consents.purposes import MARKETING, askable
from privacy.consents.shapes import ConsentAct, GivenConsent
from privacy.consents.wordings import keep_wording
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.core.ids import new_id
from privacy.identities.people import seal_person
from privacy.identities.tokens import tokens_of
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.profiles.derived import derived_profile
from privacy.profiles.parts import Objection
from privacy.suppressions.causes import Cause
from privacy.suppressions.entries import lift
from privacy.vault.keyring import Keyring

EVIDENCE_LONGEST: Final = 1000


def give_consent(work: UnitOfWork, vault: Keyring, given: GivenConsent) -> uuid.UUID:
    """Add a consent to the register; its id. It says nothing about objections: those stand.

    Raises:
        Invalid: the service never asks for this (C10, D5), or something is missing.
    """
    if given.purpose not in askable(derived_profile(work, given.service)):
        raise Invalid(
            "The service's privacy policy knows no such consent.", code="consent_not_askable"
        )
    identities, at = given.person.identities, said_at(work, given.at)
    consent = Consent(
        tenant_id=work.tenant_id,
        id=new_id(),
        service=given.service,
        purpose=given.purpose.value,
        wording_digest=keep_wording(work, given.purpose, given.wording),
    )
    consent.person_sealed = PERSON.seal(work, vault, consent.id, seal_person(given.person))
    tokens = tokens_of(work, vault, identities)
    work.session.add(consent)
    work.session.flush()
    work.session.add_all(
        ConsentToken(tenant_id=work.tenant_id, token=token, consent_id=consent.id)
        for token in tokens
    )
    event = ConsentEvent(act=ConsentAct.GIVEN.value, channel=given.channel.value, at=at)
    add_event(work, vault, consent.id, event, given.evidence)
    if given.purpose in MARKETING:
        objections = [Objection(given.purpose.value)]
        # What is recorded late lifts nothing that was said since.
        lift(work, tokens=tokens, objections=objections, cause=Cause.WITHDRAWAL, until=given.at)
    facts = {"purpose": given.purpose.value, "service": given.service}
    record(work, Event.CONSENT_GIVEN, subject=consent.id, facts=facts)
    return consent.id


def add_event(
    work: UnitOfWork, vault: Keyring, consent_id: uuid.UUID, event: ConsentEvent, evidence: str
) -> None:
    """Add an act to a consent's history, with who recorded it. Raises Invalid."""
    if len(evidence) > EVIDENCE_LONGEST:
        raise Invalid(fields={"evidence": f"Use up to {EVIDENCE_LONGEST} characters."})
    event.tenant_id, event.id, event.consent_id = work.tenant_id, new_id(), consent_id
    event.recorded_at, event.recorded_by = work.now, work.actor.id
    if evidence:
        event.evidence_sealed = EVIDENCE.seal(work, vault, event.id, evidence.encode())
    work.session.add(event)
    work.session.flush()
