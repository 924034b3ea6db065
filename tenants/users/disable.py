"""Close an account for sign-in, and open it again, as an operator."""

import uuid

from privacy.core.errors import Forbidden
from privacy.ledger.events import Event
from privacy.ledger.record import record
from tenants.desks import Desk
from tenants.permissions import Role
from tenants.principals import Principal
from tenants.sessions.end import end_sessions_of
from tenants.users.find import get_user


def set_user_active(desk: Desk, *, principal: Principal, user_id: uuid.UUID, active: bool) -> None:
    """Enable or disable a user in all tenants. Disabling signs out everywhere at once.

    An admin of one tenant ends the membership instead: the account is not the tenant's.

    Raises:
        Forbidden: not an operator, or oneself. NotFound.
    """
    if principal.role != Role.OPERATOR or principal.id == user_id:
        raise Forbidden
    with desk.installation(principal.actor) as work:
        user = get_user(work, user_id=user_id, lock=True)
        if (user.state == "active") == active:
            return
        user.state = "active" if active else "disabled"
        if not active:
            end_sessions_of(work, user_id=user_id, because="disabled")
        record(work, Event.USER_ENABLED if active else Event.USER_DISABLED, subject=user_id)
