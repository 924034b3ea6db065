"""Change one's own password."""

from privacy.core.db.work import Actor, ActorKind, UnitOfWork
from privacy.core.errors import Invalid
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.kinds import MailKind
from tenants.desks import Desk
from tenants.devices.known import forget_devices
from tenants.limits.clear import clear_attempts
from tenants.links.issue import LinkPurpose, void_links
from tenants.passwords.hashing import as_entered
from tenants.passwords.rules import check_password
from tenants.passwords.set import set_password
from tenants.sessions.end import end_sessions_of
from tenants.sessions.rotate import rotate_session
from tenants.sessions.start import Started
from tenants.sign_in.again import count_proof, password_is_right, wrong_password
from tenants.sign_in.visitors import Visitor
from tenants.users.find import get_user, view_user
from tenants.users.models import User
from tenants.users.notify import notify


def change_password(desk: Desk, *, token: str, current: str, new: str, visitor: Visitor) -> Started:
    """Replace the password; every other session ends, this one goes on under a new token.

    Raises:
        Invalid: the current one is wrong, or the new one too weak or no other.
        TooManyRequests, Unauthenticated, Unavailable: as at sign-in.
    """
    session, keys = count_proof(desk, token=token, visitor=visitor)
    if not password_is_right(desk, user_id=session.user_id, password=current):
        raise wrong_password()
    if as_entered(new) == as_entered(current):
        raise Invalid("This is the password that you have. Choose another.", code="same_password")
    with desk.installation() as work:
        view = view_user(desk.ring, work, user_id=session.user_id)
    check_password(new, email=view.email, name=view.name)
    encoded = desk.hashing.hash(new)
    with desk.installation(Actor(ActorKind.USER, session.user_id)) as work:
        user = get_user(work, user_id=session.user_id, lock=True)
        put_password(desk, work, user=user, encoded=encoded)
        clear_attempts(work, keys=keys)
        end_sessions_of(work, user_id=user.id, keep=session.id, because="password_changed")
        record(work, Event.PASSWORD_CHANGED, subject=user.id)
        return rotate_session(work, token=token, reauthenticated_at=work.now)


def put_password(desk: Desk, work: UnitOfWork, *, user: User, encoded: str) -> None:
    """What every change of a password brings: links void, devices forgotten, the owner told."""
    set_password(desk.ring, work, user=user, encoded=encoded)
    void_links(work, purpose=LinkPurpose.PASSWORD_RESET, user_id=user.id)
    forget_devices(work, user_id=user.id)
    work.session.flush()
    notify(desk, work, user=user, notice=MailKind.PASSWORD_CHANGED)
