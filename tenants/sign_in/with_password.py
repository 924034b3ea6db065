"""Sign in with e-mail address and password.

Three steps: count the attempt and commit; compare the password with no transaction open; begin
the session. Everybody goes the same way at the same cost, whether the account exists, has no
password, or is disabled (ATTACK 26).
"""

import uuid
from dataclasses import dataclass

from privacy.core.db.work import Actor, ActorKind, UnitOfWork
from privacy.core.errors import Unauthenticated
from privacy.ledger.events import Event
from privacy.ledger.record import record
from tenants.desks import Desk
from tenants.devices.known import remember_device
from tenants.limits.clear import clear_attempts
from tenants.limits.keys import Trial
from tenants.limits.rules import Bucket
from tenants.limits.take import take_attempt, too_many
from tenants.memberships.homes import homes_of
from tenants.passwords.set import renew_hash, stored_hash
from tenants.sessions.start import Started, start_session
from tenants.sign_in.visitors import SignedIn, Visitor, attempt_keys
from tenants.usages.record import record_usage
from tenants.users.digests import email_digest
from tenants.users.find import find_by_email, get_user
from tenants.users.models import User


@dataclass(frozen=True, slots=True)
class _Candidate:
    """What is compared, and what it was when it was read."""

    keys: dict[bytes, Bucket]
    user_id: uuid.UUID | None
    encoded: str | None
    version: int

    def __repr__(self) -> str:
        return "<_Candidate>"


def sign_in(desk: Desk, *, email: str, password: str, visitor: Visitor) -> SignedIn:
    """Begin a session for whoever has this password.

    Returns:
        `started.owes_second_factor` says whether the second factor is still to be shown.

    Raises:
        TooManyRequests: the attempt was not looked at.
        Unauthenticated: address or password is wrong; which, is not said.
        Unavailable: too many sign in at this moment.
    """
    candidate = _count_and_read(desk, email, visitor)
    verdict = desk.hashing.verify(candidate.encoded, password)
    if not verdict.right or candidate.user_id is None:
        _note_failure(desk)
        raise _refused()
    fresh = desk.hashing.hash(password) if verdict.outdated else None
    return _begin(desk, candidate, candidate.user_id, visitor, fresh)


def _count_and_read(desk: Desk, email: str, visitor: Visitor) -> _Candidate:
    with desk.installation() as work:
        user = find_by_email(desk.ring, work, email=email)
        user_id = user.id if user else None
        keys = attempt_keys(
            desk.ring,
            work,
            trial=Trial.PASSWORD,
            account=email_digest(desk.ring, work, email),
            user_id=user_id,
            visitor=visitor,
        )
        wait = take_attempt(work, keys=keys, trial=Trial.PASSWORD.value)
        encoded = stored_hash(desk.ring, work, user)
        version = user.password_version if user else 0
    if wait:
        raise too_many(wait)
    return _Candidate(keys, user_id, encoded, version)


def _note_failure(desk: Desk) -> None:
    with desk.installation() as work:
        record(work, Event.SIGN_IN_FAILED, facts={"trial": Trial.PASSWORD.value})


def _begin(
    desk: Desk,
    candidate: _Candidate,
    user_id: uuid.UUID,
    visitor: Visitor,
    fresh_hash: str | None,
) -> SignedIn:
    homes = homes_of(desk, user_id=user_id)
    with desk.installation(Actor(ActorKind.USER, user_id)) as work:
        user = get_user(work, user_id=user_id, lock=True)
        if user.state != "active" or user.password_version != candidate.version:
            raise _refused()
        if fresh_hash is not None:
            renew_hash(desk.ring, work, user=user, encoded=fresh_hash)
        clear_attempts(work, keys=candidate.keys)
        started = start_session(
            work,
            user_id=user_id,
            owes_second_factor=user.totp_confirmed_at is not None,
            device=visitor.device,
            active_tenant_id=homes[0].tenant_id if homes else None,
        )
        return _finish(desk, work, user, started, visitor)


def _finish(
    desk: Desk, work: UnitOfWork, user: User, started: Started, visitor: Visitor
) -> SignedIn:
    record_usage(
        desk.ring,
        work,
        session_id=started.session_id,
        address=visitor.address,
        referrer=visitor.referrer,
    )
    if started.owes_second_factor:
        return SignedIn(started)
    record(work, Event.SIGNED_IN, subject=user.id, facts={"second_factor": False})
    token = remember_device(work, user_id=user.id, token=visitor.device_token)
    return SignedIn(started, token)


def _refused() -> Unauthenticated:
    return Unauthenticated("The e-mail address or the password is wrong.", code="wrong_credentials")
