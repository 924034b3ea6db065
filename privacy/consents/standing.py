"""Whether people agree to something at this moment: the latest word of each counts."""

from collections.abc import Collection, Sequence

from sqlalchemy import text

from privacy.consents.purposes import ConsentPurpose
from privacy.consents.shapes import ConsentAct
from privacy.core.db.arrays import Byteas
from privacy.core.db.work import UnitOfWork

# At the same moment a withdrawal counts; 'withdrawn' sorts behind 'given'.
_LATEST = text(
    "SELECT DISTINCT ON (t.token) t.token, e.act FROM consent_tokens t "
    "JOIN consents c ON c.tenant_id = t.tenant_id AND c.id = t.consent_id "
    "JOIN consent_events e ON e.tenant_id = c.tenant_id AND e.consent_id = c.id "
    "WHERE t.tenant_id = :tenant AND t.token = ANY (:tokens) AND c.purpose = :purpose "
    "AND c.service = ANY (:services) ORDER BY t.token, e.at DESC, e.act DESC"
)


def standings(
    work: UnitOfWork,
    tokens: Sequence[bytes],
    *,
    purpose: ConsentPurpose,
    services: Collection[str],
) -> dict[bytes, bool]:
    """True where the latest word was yes, False where it was no; absent: nobody said anything."""
    given = {
        "tenant": work.tenant_id,
        "tokens": Byteas.of(list(set(tokens))),
        "purpose": purpose.value,
        "services": sorted(services),
    }
    rows = work.connection.execute(_LATEST, given)
    return {bytes(token): act == ConsentAct.GIVEN for token, act in rows}
