"""Attempts that somebody with a session makes, counted before they are looked at."""

from tenants.desks import Desk
from tenants.limits.keys import Trial
from tenants.limits.rules import Bucket
from tenants.limits.take import take_attempt, too_many
from tenants.sessions.find import require_session
from tenants.sessions.views import SessionView
from tenants.sign_in.visitors import Visitor, attempt_keys


def count_attempt(
    desk: Desk, *, token: str, visitor: Visitor, trial: Trial, owing_second_factor: bool = False
) -> tuple[SessionView, dict[bytes, Bucket]]:
    """The session of `token`, and the buckets in which this attempt now counts; committed.

    Raises:
        Unauthenticated: see `require_session`.
        TooManyRequests: the attempt is not to be looked at.
    """
    with desk.installation() as work:
        session = require_session(work, token=token, owing_second_factor=owing_second_factor)
        keys = attempt_keys(
            desk.ring,
            work,
            trial=trial,
            account=session.user_id.bytes,
            user_id=session.user_id,
            visitor=visitor,
        )
        wait = take_attempt(work, keys=keys, trial=trial.value)
    if wait:
        raise too_many(wait)
    return session, keys
