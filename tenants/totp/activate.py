"""Put a second factor in force, from within a session."""

from dataclasses import dataclass

from privacy.core.db.work import NOBODY, Actor, ActorKind
from privacy.mails.kinds import MailKind
from tenants.desks import Desk
from tenants.sessions.end import end_sessions_of
from tenants.sessions.find import require_session
from tenants.sessions.rotate import rotate_session
from tenants.sessions.start import Started
from tenants.totp.enrol import confirm_enrolment
from tenants.users.find import get_user
from tenants.users.notify import notify


@dataclass(frozen=True, slots=True)
class Activated:
    """The session under its new token, and the recovery codes, shown once."""

    started: Started
    recovery_codes: list[str]

    def __repr__(self) -> str:
        return "<Activated>"


def activate_second_factor(desk: Desk, *, token: str, code: str) -> Activated:
    """Confirm the pending secret; other sessions end, this one has shown its second factor.

    Raises:
        Unauthenticated: the session is over, or owes its own second factor.
        Conflict, Invalid: see `confirm_enrolment`.
    """
    with desk.installation(NOBODY) as work:
        session = require_session(work, token=token)
    with desk.installation(Actor(ActorKind.USER, session.user_id)) as work:
        codes = confirm_enrolment(desk.ring, work, user_id=session.user_id, code=code)
        started = rotate_session(work, token=token, second_factor=True, reauthenticated_at=work.now)
        end_sessions_of(
            work, user_id=session.user_id, keep=session.id, because="second_factor_changed"
        )
        user = get_user(work, user_id=session.user_id)
        notify(desk, work, user=user, notice=MailKind.SECOND_FACTOR_CHANGED)
        return Activated(started, codes)
