"""The certificate of a tenant's destruction: what was destroyed, and that nothing is found."""

import uuid

from sqlalchemy import Engine, MetaData, func, select

from connector.marketplace.endings import doomed_tables
from privacy.core.db.work import SYSTEM, UnitOfWork, unit_of_work
from privacy.core.errors import NotFound
from privacy.ledger.events import Event
from privacy.ledger.models import LedgerEvent
from privacy.ledger.signing import Signer
from privacy.subjects.certificates import DESTRUCTION, signed

_COPIES = (
    "Its keys were destroyed. What older copies of the database hold of it cannot be opened once "
    "the key epoch of that night has ended; the copies end with the backups that hold them."
)


def certify_destruction(
    owner: Engine, signer: Signer, *, metadata: MetaData, tenant_id: uuid.UUID
) -> str:
    """Look for the tenant once more, in every table, and sign what was found, as JSON.

    Args:
        owner: an engine of the role that owns the tables; it sees this tenant's rows only.

    Raises:
        NotFound: no tenant of this id was destroyed here.
    """
    of_tenant = LedgerEvent.tenant_id == tenant_id
    destroyed = LedgerEvent.event == Event.TENANT_DESTROYED.value
    with unit_of_work(owner, tenant_id=tenant_id, actor=SYSTEM) as work:
        done = work.session.scalars(
            select(LedgerEvent).where(of_tenant, destroyed).order_by(LedgerEvent.id)
        ).all()
        if not done:
            raise NotFound("No tenant of this id was destroyed here.")
        left = _left(work, metadata)
        certified: dict[str, object] = {
            "format": DESTRUCTION,
            "tenant": str(tenant_id),
            "destroyed_at": done[-1].at.isoformat(),
            "certified_at": work.now.isoformat(),
            "keys": sum(int(event.facts["keys"]) for event in done),
            "rows": sum(int(event.facts["rows"]) for event in done),
            "found_afterwards": left,
            "copies": _COPIES,
        }
    return signed(signer, certified)


def _left(work: UnitOfWork, metadata: MetaData) -> dict[str, int]:
    """Rows of the bound tenant, by table; tables without any are left out."""
    counts = {
        table.name: work.session.scalar(
            select(func.count()).select_from(table).where(table.c.tenant_id == work.tenant_id)
        )
        for table in doomed_tables(metadata)
    }
    return {name: count for name, count in counts.items() if count}
