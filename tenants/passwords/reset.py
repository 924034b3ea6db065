"""Set a new password with a link from a mail."""

import uuid

from privacy.core.db.work import Actor, ActorKind
from privacy.core.errors import Gone
from privacy.ledger.events import Event
from privacy.ledger.record import record
from tenants.desks import Desk
from tenants.devices.known import remember_device
from tenants.links.issue import LinkPurpose
from tenants.links.use import consume_link, peek_link
from tenants.passwords.change import put_password
from tenants.passwords.rules import check_password
from tenants.sessions.end import end_sessions_of
from tenants.users.find import get_user, view_user


def peek_reset(desk: Desk, *, token: str) -> uuid.UUID:
    """Whose link it is, changing nothing. Raises Gone."""
    with desk.installation() as work:
        link = peek_link(desk.ring, work, purpose=LinkPurpose.PASSWORD_RESET, token=token)
        if link.user_id is None:
            raise Gone
        return link.user_id


def reset_password(desk: Desk, *, token: str, new: str) -> str | None:
    """Use the link up and set the password; all sessions end.

    A second factor stays: the mailbox alone opens nothing. Whoever holds the mailbox has proved
    more than a guesser, so this browser becomes a known device: the way past a blocked sign-in.

    Returns:
        A device cookie to set.

    Raises:
        Gone: the link was used or is too old. Invalid: the password is too weak.
    """
    user_id = peek_reset(desk, token=token)
    with desk.installation() as work:
        view = view_user(desk.ring, work, user_id=user_id)
    check_password(new, email=view.email, name=view.name)
    encoded = desk.hashing.hash(new)
    with desk.installation(Actor(ActorKind.USER, user_id)) as work:
        consume_link(desk.ring, work, purpose=LinkPurpose.PASSWORD_RESET, token=token)
        user = get_user(work, user_id=user_id, lock=True)
        if user.state != "active":
            raise Gone
        put_password(desk, work, user=user, encoded=encoded)
        end_sessions_of(work, user_id=user_id, because="password_reset")
        record(work, Event.PASSWORD_RESET, subject=user_id)
        return remember_device(work, user_id=user_id, token=None)
