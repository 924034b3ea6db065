"""Erase a person from the register of objections. The suppression stays, as a token."""

from collections.abc import Sequence

from sqlalchemy import text

from privacy.core.db.arrays import Byteas
from privacy.core.db.work import UnitOfWork

_FORGET = text(
    "DELETE FROM objections WHERE tenant_id = :tenant AND id IN (SELECT objection_id "
    "FROM objection_tokens WHERE tenant_id = :tenant AND token = ANY (:tokens))"
)


def forget_objections(work: UnitOfWork, *, tokens: Sequence[bytes]) -> int:
    """Objections found by these tokens go. Returns how many. They are honoured as before."""
    given = {"tenant": work.tenant_id, "tokens": Byteas.of(list(tokens))}
    return work.connection.execute(_FORGET, given).rowcount
