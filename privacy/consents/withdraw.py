"""Withdraw a consent: as easy as it was to give (GDPR Art. 7(3))."""

import uuid
from datetime import datetime

from sqlalchemy import select

from privacy.consents.give import add_event
from privacy.consents.models import Consent, ConsentEvent, ConsentToken
from privacy.consents.moments import said_at
from privacy.consents.purposes import MARKETING, ConsentPurpose
from privacy.consents.shapes import ConsentAct, ConsentChannel
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.profiles.parts import Objection
from privacy.suppressions.causes import Cause
from privacy.suppressions.entries import suppress
from privacy.vault.keyring import Keyring


def withdraw_consent(
    work: UnitOfWork,
    vault: Keyring,
    *,
    consent_id: uuid.UUID,
    channel: ConsentChannel,
    at: datetime | None = None,
    evidence: str = "",
) -> None:
    """An event is added; nothing is taken away. Repeating it changes nothing.

    For marketing the person is suppressed, too: that outlives an erasure.

    Raises:
        NotFound: the bound tenant has no such consent. Invalid: `at` has not come yet.
    """
    consent = find_row(work, consent_id)
    if _withdrawn(work, consent_id):
        return
    event = ConsentEvent(
        act=ConsentAct.WITHDRAWN.value, channel=channel.value, at=said_at(work, at)
    )
    add_event(work, vault, consent_id, event, evidence)
    if ConsentPurpose(consent.purpose) in MARKETING:
        found = select(ConsentToken.token).where(ConsentToken.consent_id == consent_id)
        tokens = list(work.session.scalars(found))
        objection = Objection(consent.purpose)
        suppress(work, tokens=tokens, objections=[objection], cause=Cause.WITHDRAWAL)
    facts = {"purpose": consent.purpose, "channel": channel.value}
    record(work, Event.CONSENT_WITHDRAWN, subject=consent_id, facts=facts)


def find_row(work: UnitOfWork, consent_id: uuid.UUID) -> Consent:
    """The bound tenant's consent. Raises NotFound."""
    row = work.session.scalar(select(Consent).where(Consent.id == consent_id))
    if row is None:
        raise NotFound
    return row


def _withdrawn(work: UnitOfWork, consent_id: uuid.UUID) -> bool:
    statement = select(ConsentEvent.id).where(
        ConsentEvent.consent_id == consent_id, ConsentEvent.act == ConsentAct.WITHDRAWN.value
    )
    return work.session.scalar(statement.limit(1)) is not None
