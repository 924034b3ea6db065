"""End a membership."""

import uuid

from sqlalchemy import delete, func, select

from privacy.ledger.events import Event
from privacy.ledger.record import record
from tenants.api_keys.models import ApiKey
from tenants.api_keys.revoke import revoke_keys_of
from tenants.desks import Desk
from tenants.invitations.invite import check_may_assign
from tenants.memberships.change_role import locked_member, refuse_last_owner
from tenants.memberships.models import UserTenant
from tenants.permissions import Role
from tenants.principals import Principal
from tenants.sessions.end import end_sessions_of


def remove_member(
    desk: Desk, *, principal: Principal, user_id: uuid.UUID, close_keys: bool = False
) -> int:
    """Remove a member, or oneself. The membership goes first: it decides.

    API keys belong to the tenant and go on unless `close_keys`, for ingest must not stop because
    somebody leaves; the caller is told how many the person has made, to rotate them.

    Returns:
        API keys of this person that still work.

    Raises:
        NotFound, Forbidden, Conflict: as in `change_role`.
    """
    with desk.tenant(principal.tenant_id, principal.actor) as work:
        row = locked_member(work, user_id=user_id)
        if principal.id != user_id:
            check_may_assign(principal, Role(row.role))
        refuse_last_owner(work, row)
        work.session.delete(row)
        record(work, Event.MEMBERSHIP_ENDED, subject=user_id)
        if close_keys:
            revoke_keys_of(work, user_id=user_id, because="membership_ended")
        left = work.session.scalar(
            select(func.count())
            .select_from(ApiKey)
            .where(ApiKey.created_by == user_id, ApiKey.revoked_at.is_(None))
        )
    with desk.installation(principal.actor) as work:
        end_sessions_of(work, user_id=user_id, because="membership_ended")
        work.session.execute(
            delete(UserTenant).where(
                UserTenant.user_id == user_id,
                UserTenant.member_tenant_id == principal.tenant_id,
            )
        )
    return left or 0
