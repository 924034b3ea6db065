"""One click, and no more marketing mail (RFC 8058). The person need not be known otherwise."""

from privacy.core.db.work import UnitOfWork
from privacy.identities.shapes import Identity
from privacy.identities.tokens import tokens_of
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.profiles.parts import Objection
from privacy.suppressions.causes import Cause
from privacy.suppressions.entries import suppress
from privacy.vault.keyring import Keyring


def unsubscribe(
    work: UnitOfWork,
    vault: Keyring,
    *,
    who: Identity,
    purpose: Objection = Objection.DIRECT_MARKETING,
) -> None:
    """Honoured from this transaction on. Repeating it changes nothing."""
    tokens = tokens_of(work, vault, [who])
    suppress(work, tokens=tokens, objections=[purpose], cause=Cause.UNSUBSCRIBE)
    record(work, Event.UNSUBSCRIBED, facts={"purpose": purpose.value})
