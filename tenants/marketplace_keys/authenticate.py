"""From a marketplace's key to a principal."""

import hmac
from datetime import timedelta

from sqlalchemy import Engine, select, text

from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import NOBODY, UnitOfWork, unit_of_work
from privacy.core.errors import Unauthenticated
from tenants.api_keys.text import digest_of
from tenants.marketplace_keys.models import MarketplaceKey
from tenants.marketplace_keys.text import is_well_formed
from tenants.principals import Principal, PrincipalKind

_NOTE_EVERY = timedelta(minutes=1)
_NOTE_USE = text(
    "UPDATE marketplace_keys SET last_used_at = :now WHERE tenant_id = :tenant AND id = ("
    "SELECT id FROM marketplace_keys WHERE tenant_id = :tenant AND id = :id "
    "FOR UPDATE SKIP LOCKED)"
)


def authenticate_marketplace(engine: Engine, *, raw: str) -> Principal:
    """The principal of a marketplace's key.

    Raises:
        Unauthenticated: always alike, whether the key never was or is closed.
    """
    if is_well_formed(raw):
        digest = digest_of(raw)
        with unit_of_work(engine, tenant_id=INSTALLATION_ID, actor=NOBODY) as work:
            row = work.session.scalar(
                select(MarketplaceKey).where(
                    MarketplaceKey.digest == digest, MarketplaceKey.revoked_at.is_(None)
                )
            )
            if row is not None and hmac.compare_digest(row.digest, digest):
                _note_use(work, row)
                return Principal(PrincipalKind.MARKETPLACE, INSTALLATION_ID, row.id)
    raise Unauthenticated("This key does not work here.", code="invalid_marketplace_key")


def _note_use(work: UnitOfWork, row: MarketplaceKey) -> None:
    if row.last_used_at is None or work.now - row.last_used_at > _NOTE_EVERY:
        values = {"now": work.now, "tenant": work.tenant_id, "id": row.id}
        work.connection.execute(_NOTE_USE, values)
