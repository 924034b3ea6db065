"""Give a member another role."""

import uuid

from sqlalchemy import func, select

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict, Forbidden, NotFound
from privacy.ledger.events import Event
from privacy.ledger.record import record
from tenants.desks import Desk
from tenants.invitations.invite import check_may_assign
from tenants.memberships.models import Membership
from tenants.permissions import Role
from tenants.principals import Principal
from tenants.sessions.end import end_sessions_of


def change_role(desk: Desk, *, principal: Principal, user_id: uuid.UUID, role: Role) -> None:
    """Change another member's role. It holds at their next request; their sessions end.

    Raises:
        NotFound: no such member. Forbidden: oneself, or a role out of the principal's reach.
        Conflict: it would leave the tenant without an owner.
    """
    refuse_oneself(principal, user_id)
    check_may_assign(principal, role)
    with desk.tenant(principal.tenant_id, principal.actor) as work:
        row = locked_member(work, user_id=user_id)
        check_may_assign(principal, Role(row.role))
        if row.role == role.value:
            return
        refuse_last_owner(work, row)
        row.role = role.value
        facts = {"role": role.value}
        record(work, Event.MEMBERSHIP_ROLE_CHANGED, subject=user_id, facts=facts)
    with desk.installation(principal.actor) as work:
        end_sessions_of(work, user_id=user_id, because="role_changed")


def refuse_oneself(principal: Principal, user_id: uuid.UUID) -> None:
    """Raises Forbidden: nobody raises or locks out themselves."""
    if principal.id == user_id:
        raise Forbidden("Another admin has to do this for you.", code="not_oneself")


def locked_member(work: UnitOfWork, *, user_id: uuid.UUID) -> Membership:
    """The membership, with all owners locked, so that two changes cannot remove the last two.

    Raises:
        NotFound: no member here.
    """
    rows = work.session.scalars(
        select(Membership)
        .where((Membership.role.in_(("owner", "operator"))) | (Membership.user_id == user_id))
        .order_by(Membership.user_id)
        .with_for_update()
    ).all()
    found = next((row for row in rows if row.user_id == user_id), None)
    if found is None:
        raise NotFound
    return found


def refuse_last_owner(work: UnitOfWork, row: Membership) -> None:
    """Raises Conflict when `row` is the last of the role that everything hangs on."""
    if row.role not in ("owner", "operator"):
        return
    count = work.session.scalar(
        select(func.count()).select_from(Membership).where(Membership.role == row.role)
    )
    if (count or 0) <= 1:
        raise Conflict("This is the last owner. Make somebody else one first.", code="last_owner")
