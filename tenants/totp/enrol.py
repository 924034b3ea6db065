"""Set up a second factor: a secret that waits until a code proves that it arrived."""

import uuid
from dataclasses import dataclass

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict, Invalid
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring
from tenants.recovery_codes.replace import replace_codes
from tenants.sealed_fields import USER_EMAIL, USER_TOTP, USER_TOTP_PENDING
from tenants.totp.codes import (
    authenticator_time,
    matching_step,
    new_secret,
    provisioning_uri,
)
from tenants.totp.pictures import svg_data_uri
from tenants.users.find import get_user
from tenants.users.models import TOTP_VERSION, User


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the page shows once: the secret to type, or the picture to scan."""

    secret: str
    uri: str
    picture: str

    def __repr__(self) -> str:
        return "<Enrolment>"


def begin_enrolment(ring: Keyring, work: UnitOfWork, *, user_id: uuid.UUID) -> Enrolment:
    """A new pending secret; one that is in force stays so until the new one is confirmed."""
    user = get_user(work, user_id=user_id, lock=True)
    secret = new_secret()
    user.totp_pending_sealed = USER_TOTP_PENDING.seal(
        ring, work, user.id, secret, version=user.totp_version + 1
    )
    return _enrolment(ring, work, user, secret)


def pending_enrolment(ring: Keyring, work: UnitOfWork, *, user_id: uuid.UUID) -> Enrolment | None:
    """The secret that waits, to show the page again after a mistyped code; None when none does."""
    user = get_user(work, user_id=user_id)
    if user.totp_pending_sealed is None:
        return None
    return _enrolment(ring, work, user, _pending(ring, work, user))


def confirm_enrolment(
    ring: Keyring, work: UnitOfWork, *, user_id: uuid.UUID, code: str
) -> list[str]:
    """Put the pending secret in force; its code is used up with that (ATTACK 20).

    Returns:
        Ten recovery codes, shown once.

    Raises:
        Conflict: no enrolment was begun, or it was confirmed already.
        Invalid: the code is wrong.
    """
    user = get_user(work, user_id=user_id, lock=True)
    if user.totp_pending_sealed is None:
        raise Conflict("Begin the set-up of your second factor again.", code="no_enrolment")
    secret = _pending(ring, work, user)
    step = matching_step(secret, code, at=authenticator_time())
    if step is None:
        raise wrong_code()
    user.totp_version += 1
    TOTP_VERSION.witness(work, row_id=user.id, version=user.totp_version)
    user.totp_sealed = USER_TOTP.seal(ring, work, user.id, secret, version=user.totp_version)
    user.totp_pending_sealed = None
    user.totp_last_step = step
    user.totp_confirmed_at = work.now
    work.session.flush()
    record(work, Event.TOTP_ENROLLED, subject=user.id)
    return replace_codes(work, user_id=user.id)


def wrong_code() -> Invalid:
    """The refusal of a one-time code, whatever was wrong with it."""
    text = "This code is not valid. Wait for the next one and try again."
    return Invalid(text, code="wrong_code", fields={"code": text})


def _pending(ring: Keyring, work: UnitOfWork, user: User) -> str:
    sealed = user.totp_pending_sealed or b""
    return USER_TOTP_PENDING.open(ring, work, user.id, sealed, version=user.totp_version + 1)


def _enrolment(ring: Keyring, work: UnitOfWork, user: User, secret: str) -> Enrolment:
    email = USER_EMAIL.open(ring, work, user.id, user.email_sealed, version=user.identity_version)
    uri = provisioning_uri(secret, account=email)
    return Enrolment(secret, uri, svg_data_uri(uri))
