"""Help somebody who has lost their second factor."""

import uuid

from sqlalchemy import select

from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.errors import Forbidden, NotFound
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.kinds import MailKind
from tenants.desks import Desk
from tenants.devices.known import forget_devices
from tenants.memberships.models import UserTenant
from tenants.memberships.standing import role_of
from tenants.permissions import ASSIGNABLE, Role
from tenants.principals import Principal
from tenants.sessions.end import end_sessions_of
from tenants.totp.remove import remove_factor
from tenants.users.find import get_user
from tenants.users.notify import notify


def reset_second_factor(desk: Desk, *, principal: Principal, user_id: uuid.UUID) -> None:
    """Remove another person's second factor. They are told, and signed out everywhere.

    Never one's own: a stolen session must not undo the factor that would have stopped it. An
    admin reaches people of the own tenant only, of a role that the admin can give, and only
    those who belong nowhere else: else one tenant's admin would weaken another's.

    Raises:
        Forbidden: it is one's own, or only an operator may.
        NotFound: no such person within the principal's reach.
    """
    if principal.id is None or principal.id == user_id:
        raise Forbidden("Another admin has to do this for you.", code="not_oneself")
    _require_reach(desk, principal, user_id)
    with desk.installation(principal.actor) as work:
        user = get_user(work, user_id=user_id, lock=True)
        remove_factor(work, user=user)
        forget_devices(work, user_id=user_id)
        end_sessions_of(work, user_id=user_id, because="second_factor_reset")
        record(work, Event.MFA_RESET, subject=user_id)
        notify(desk, work, user=user, notice=MailKind.SECOND_FACTOR_RESET)


def _require_reach(desk: Desk, principal: Principal, user_id: uuid.UUID) -> None:
    if principal.tenant_id == INSTALLATION_ID and principal.role == Role.OPERATOR:
        return
    with desk.tenant(principal.tenant_id, principal.actor) as work:
        role = role_of(work, user_id=user_id)
    if role is None:
        raise NotFound
    if role not in ASSIGNABLE.get(Role(principal.role or Role.AGENT), frozenset()):
        raise Forbidden("Only an owner can do this for an owner.", code="role_too_low")
    with desk.installation(principal.actor) as work:
        tenants = work.session.scalars(
            select(UserTenant.member_tenant_id).where(UserTenant.user_id == user_id)
        ).all()
    if set(tenants) != {principal.tenant_id}:
        raise Forbidden("Only the operator can do this for this person.", code="operator_only")
