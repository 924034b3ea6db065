"""Close a credential that may have leaked, until a new one is set (promise F7)."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.errors import NotFound
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.kinds import MailKind
from tenants.api_keys.revoke import revoke_keys_of
from tenants.desks import Desk
from tenants.devices.known import forget_devices
from tenants.links.issue import LinkPurpose, issue_link
from tenants.memberships.models import UserTenant
from tenants.memberships.standing import is_member
from tenants.passwords.request_reset import reset_values
from tenants.passwords.set import close_password
from tenants.permissions import Role
from tenants.principals import Principal
from tenants.sessions.end import end_sessions_of
from tenants.users.find import get_user
from tenants.users.notify import notify


def force_new_password(desk: Desk, *, principal: Principal, user_id: uuid.UUID) -> int:
    """No password, session or API key of this user works from now on; a mail says how to go on.

    By the user (about oneself), by somebody who manages people in a tenant of the user's, or by
    an operator. The account is the user's everywhere; the keys belong to tenants, so an admin
    closes those of the own tenant only: one tenant must not stop what another sends.

    The keys go first, tenant by tenant, and the password last: after a crash in between, doing it
    again does the rest, and who saw it succeed knows that all of it is done.

    Returns:
        How many API keys were closed.

    Raises:
        NotFound: no such user within the principal's reach.
    """
    _require_reach(desk, principal, user_id)
    closed = _close_keys(desk, principal, user_id)
    with desk.installation(principal.actor) as work:
        user = get_user(work, user_id=user_id, lock=True)
        close_password(work, user=user)
        forget_devices(work, user_id=user_id)
        end_sessions_of(work, user_id=user_id, because="password_forced")
        token = issue_link(desk.ring, work, purpose=LinkPurpose.PASSWORD_RESET, user_id=user_id)
        values = reset_values(desk, token)
        notify(desk, work, user=user, notice=MailKind.PASSWORD_FORCED, values=values)
        record(work, Event.PASSWORD_FORCED, subject=user_id, facts={"keys": closed})
    return closed


def _require_reach(desk: Desk, principal: Principal, user_id: uuid.UUID) -> None:
    if principal.id == user_id or _is_operator(principal):
        return
    # Somebody without a tenant stands in the installation too, and manages nobody there.
    if principal.tenant_id == INSTALLATION_ID:
        raise NotFound
    with desk.tenant(principal.tenant_id, principal.actor) as work:
        if not is_member(work, user_id=user_id):
            raise NotFound


def _is_operator(principal: Principal) -> bool:
    return principal.tenant_id == INSTALLATION_ID and principal.role == Role.OPERATOR


def _close_keys(desk: Desk, principal: Principal, user_id: uuid.UUID) -> int:
    closed = 0
    for tenant_id in _tenants_within_reach(desk, principal, user_id):
        with desk.tenant(tenant_id, principal.actor) as work:
            closed += revoke_keys_of(work, user_id=user_id)
    return closed


def _tenants_within_reach(
    desk: Desk, principal: Principal, user_id: uuid.UUID
) -> Sequence[uuid.UUID]:
    if principal.id != user_id and not _is_operator(principal):
        return [principal.tenant_id]
    with desk.installation(principal.actor) as work:
        return work.session.scalars(
            select(UserTenant.member_tenant_id).where(UserTenant.user_id == user_id)
        ).all()
