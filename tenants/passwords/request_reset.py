"""Ask for a mail with which to set a new password."""

from privacy.core.db.work import UnitOfWork
from privacy.core.ids import new_id
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.kinds import MailKind
from tenants.desks import Desk
from tenants.emails import LONGEST
from tenants.limits.keys import Trial
from tenants.limits.take import take_attempt, too_many
from tenants.links.issue import LASTS, LinkPurpose, issue_link
from tenants.sign_in.visitors import Visitor, attempt_keys
from tenants.users.digests import email_digest
from tenants.users.find import find_by_email
from tenants.users.models import User
from tenants.users.notify import notify

RESET_PATH = "reset-password"


def request_reset(desk: Desk, *, email: str, visitor: Visitor) -> None:
    """Send the mail if the address has an account, and do as much work if it has none.

    For an unknown address the link and the mail are made and rolled back, so that the answer is
    the same and takes as long (ATTACK 26).

    Raises:
        TooManyRequests: asked too often for this address, whether it has an account or not.
    """
    _count(desk, email, visitor)
    with desk.installation() as work:
        user = find_by_email(desk.ring, work, email=email)
        known = user is not None and user.state == "active"
        attempt = work.session.begin_nested()
        _send(desk, work, user if known else None, email)
        work.session.flush()
        if known:
            attempt.commit()
        else:
            attempt.rollback()
        record(work, Event.PASSWORD_RESET_REQUESTED)


def reset_values(desk: Desk, token: str) -> dict[str, str]:
    """What the mail says: where to go, and for how long that works."""
    minutes = int(LASTS[LinkPurpose.PASSWORD_RESET].total_seconds() // 60)
    return {"link": desk.link(RESET_PATH, token), "minutes": str(minutes)}


def _count(desk: Desk, email: str, visitor: Visitor) -> None:
    with desk.installation() as work:
        keys = attempt_keys(
            desk.ring,
            work,
            trial=Trial.RESET,
            account=email_digest(desk.ring, work, email),
            user_id=None,
            visitor=visitor,
        )
        wait = take_attempt(work, keys=keys, trial=Trial.RESET.value)
    if wait:
        raise too_many(wait)


def _send(desk: Desk, work: UnitOfWork, user: User | None, email: str) -> None:
    """To the stored address, never to the typed one: two spellings can be two mailboxes."""
    user_id = user.id if user else new_id()
    token = issue_link(desk.ring, work, purpose=LinkPurpose.PASSWORD_RESET, user_id=user_id)
    values = reset_values(desk, token)
    if user is not None:
        notify(desk, work, user=user, notice=MailKind.PASSWORD_RESET, values=values)
        return
    typed = email.strip()[:LONGEST]
    desk.mailer(work, to=typed, notice=MailKind.PASSWORD_RESET, language="en", values=values)
