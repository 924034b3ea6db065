"""A tenant as it is shown to its own people and to the operator."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.vault.keyring import Keyring
from tenants.sealed_fields import TENANT_NAME
from tenants.tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class TenantView:
    """Settings and state. `retention_days_calls` None is the number of the service's profile."""

    id: uuid.UUID
    name: str
    services: tuple[str, ...]
    state: str
    mfa_required: bool
    retention_days_calls: int | None
    created_at: datetime
    publishes_statistics: bool = False

    def __repr__(self) -> str:
        return f"<TenantView {self.id}>"


def view_tenant(ring: Keyring, work: UnitOfWork) -> TenantView:
    """`work`'s own tenant. Raises NotFound."""
    row = get_tenant(work)
    name = TENANT_NAME.open(ring, work, work.tenant_id, row.name_sealed, version=row.name_version)
    return TenantView(
        id=row.tenant_id,
        name=name,
        services=tuple(row.services),
        state=row.state,
        mfa_required=row.mfa_required,
        retention_days_calls=row.retention_days_calls,
        created_at=row.created_at,
        publishes_statistics=row.publishes_statistics,
    )


def get_tenant(work: UnitOfWork, *, lock: bool = False) -> Tenant:
    """The row of `work`'s tenant. Raises NotFound."""
    row = work.session.get(Tenant, work.tenant_id, with_for_update=lock)
    if row is None:
        raise NotFound
    return row
