"""Go without a second factor again, where nobody demands one."""

from privacy.core.errors import Conflict, Unauthenticated
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.kinds import MailKind
from tenants.desks import Desk
from tenants.memberships.homes import homes_of
from tenants.principals import Principal
from tenants.sessions.end import end_sessions_of
from tenants.totp.remove import remove_factor
from tenants.users.find import get_user
from tenants.users.notify import notify


def drop_second_factor(desk: Desk, *, principal: Principal) -> None:
    """Remove one's own second factor; every other session ends.

    Raises:
        Conflict: one of the user's tenants requires it.
        Unauthenticated: the principal is no person.
    """
    if principal.id is None:
        raise Unauthenticated
    if any(home.mfa_required for home in homes_of(desk, user_id=principal.id)):
        raise Conflict(
            "Your organisation requires a second factor. You can replace it, not remove it.",
            code="second_factor_required",
        )
    with desk.installation(principal.actor) as work:
        user = get_user(work, user_id=principal.id, lock=True)
        remove_factor(work, user=user)
        keep = principal.session_id
        end_sessions_of(work, user_id=user.id, keep=keep, because="second_factor_changed")
        record(work, Event.TOTP_REMOVED, subject=user.id)
        notify(desk, work, user=user, notice=MailKind.SECOND_FACTOR_CHANGED)
