"""Make somebody a member. Two units of work: the hint first, then the membership, which decides."""

import uuid

from sqlalchemy.dialects.postgresql import insert

from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record
from tenants.memberships.models import Membership, UserTenant
from tenants.permissions import Role


def note_membership(
    work: UnitOfWork,
    *,
    user_id: uuid.UUID,
    tenant_id: uuid.UUID,
    invitation_id: uuid.UUID | None = None,
) -> None:
    """First, in the installation: where to look for this user. Harmless when repeated."""
    row = {
        "tenant_id": work.tenant_id,
        "user_id": user_id,
        "member_tenant_id": tenant_id,
        "invitation_id": invitation_id,
        "created_at": work.now,
    }
    statement = insert(UserTenant).values(row)
    work.connection.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "user_id", "member_tenant_id"],
            set_={"invitation_id": statement.excluded.invitation_id},
        )
    )


def grant_membership(work: UnitOfWork, *, user_id: uuid.UUID, role: Role) -> bool:
    """Then, in the tenant: the membership itself. Returns False when there is one already."""
    row = {
        "tenant_id": work.tenant_id,
        "user_id": user_id,
        "role": role.value,
        "created_at": work.now,
    }
    made = work.connection.execute(insert(Membership).values(row).on_conflict_do_nothing())
    if made.rowcount != 1:
        return False
    facts = {"role": role.value}
    record(work, Event.MEMBERSHIP_CREATED, subject=user_id, facts=facts)
    return True
