"""Show the second factor: a one-time code, or one of the recovery codes."""

import uuid

from privacy.core.db.work import Actor, ActorKind, UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record
from tenants.desks import Desk
from tenants.devices.known import remember_device
from tenants.limits.clear import clear_attempts
from tenants.limits.keys import Trial
from tenants.limits.rules import Bucket
from tenants.recovery_codes.use import use_recovery_code
from tenants.sessions.rotate import step_up
from tenants.sign_in.attempts import count_attempt
from tenants.sign_in.visitors import SignedIn, Visitor
from tenants.totp.consume import consume_code
from tenants.totp.enrol import wrong_code
from tenants.users.find import get_user

_LONGEST_CODE = 8


def show_second_factor(desk: Desk, *, token: str, code: str, visitor: Visitor) -> SignedIn:
    """Finish a sign-in. The code is used up in the transaction that makes the session whole.

    Raises:
        TooManyRequests: the attempt was not looked at.
        Unauthenticated: the session is over, or owes nothing.
        Invalid: the code is wrong or was used before.
    """
    session, keys = count_attempt(
        desk, token=token, visitor=visitor, trial=Trial.CODE, owing_second_factor=True
    )
    user_id = session.user_id
    with desk.installation(Actor(ActorKind.USER, user_id)) as work:
        if accept_factor(desk, work, user_id=user_id, code=code):
            return _finish(work, user_id, keys, token, visitor)
        record(work, Event.SIGN_IN_FAILED, subject=user_id, facts={"trial": Trial.CODE.value})
    raise wrong_code()


def accept_factor(desk: Desk, work: UnitOfWork, *, user_id: uuid.UUID, code: str) -> bool:
    """Whether `code` is a right one of either kind; if so it is used up."""
    user = get_user(work, user_id=user_id, lock=True)
    plain = "".join(code.split())
    if len(plain) <= _LONGEST_CODE:
        return consume_code(desk.ring, work, user=user, code=plain)
    return use_recovery_code(work, user_id=user_id, code=plain)


def _finish(
    work: UnitOfWork,
    user_id: uuid.UUID,
    keys: dict[bytes, Bucket],
    token: str,
    visitor: Visitor,
) -> SignedIn:
    started = step_up(work, token=token)
    clear_attempts(work, keys=keys)
    record(work, Event.SIGNED_IN, subject=user_id, facts={"second_factor": True})
    return SignedIn(started, remember_device(work, user_id=user_id, token=visitor.device_token))
