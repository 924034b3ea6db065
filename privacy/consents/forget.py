"""Erase a person from the register of consents. What is suppressed stays suppressed, by token."""

from collections.abc import Sequence

from sqlalchemy import text

from privacy.core.db.arrays import Byteas
from privacy.core.db.work import UnitOfWork

_FORGET = text(
    "DELETE FROM consents WHERE tenant_id = :tenant AND id IN "
    "(SELECT consent_id FROM consent_tokens WHERE tenant_id = :tenant AND token = ANY (:tokens))"
)


def forget_consents(work: UnitOfWork, *, tokens: Sequence[bytes]) -> int:
    """Consents found by these tokens go, with their events and tokens. Returns how many."""
    given = {"tenant": work.tenant_id, "tokens": Byteas.of(list(tokens))}
    return work.connection.execute(_FORGET, given).rowcount
