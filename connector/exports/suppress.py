"""The suppression list of an archive, under this tenant's own tokens."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from connector.exports.rows import read_suppression
from privacy.core.db.work import UnitOfWork
from privacy.identities.shapes import Identity, Way
from privacy.identities.tokens import tokens_of
from privacy.suppressions.models import Suppression
from privacy.vault.keyring import Keyring


def bring_suppressions(work: UnitOfWork, vault: Keyring, lines: Sequence[bytes]) -> int:
    """Add those that are not here. Returns how many were added."""
    read = [read_suppression(line) for line in lines]
    tokens = tokens_of(work, vault, [Identity(Way(one.way), one.identity) for one in read])
    rows = [
        {
            "tenant_id": work.tenant_id,
            "token": token,
            "objection": one.objection,
            "cause": one.cause.value,
            "created_at": datetime.fromisoformat(one.created_at),
        }
        for one, token in zip(read, tokens, strict=True)
    ]
    if not rows:
        return 0
    added = insert(Suppression).on_conflict_do_nothing().returning(Suppression.objection)
    return len(work.connection.execute(added, rows).all())
