"""Ask for many at once, and say in the ledger that it was asked."""

from collections.abc import Collection, Sequence

from privacy.core.db.work import UnitOfWork
from privacy.identities.shapes import Identity
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.suppressions.check import may_send_many
from privacy.suppressions.purposes import Sending
from privacy.suppressions.verdicts import Verdict
from privacy.vault.keyring import Keyring


def ask_suppressions(
    work: UnitOfWork,
    vault: Keyring,
    *,
    purpose: Sending,
    to: Sequence[Identity],
    services: Collection[str],
) -> list[Verdict]:
    """As `may_send_many`, with one event that counts."""
    said = may_send_many(work, vault, purpose=purpose, to=to, services=services)
    allowed = sum(one.allowed for one in said)
    facts = {"purpose": purpose.value, "asked": len(said), "allowed": allowed}
    record(work, Event.SUPPRESSIONS_CHECKED, facts=facts)
    return said
