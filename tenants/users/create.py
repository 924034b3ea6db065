"""Make an account."""

import uuid

from sqlalchemy.exc import IntegrityError

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict, Invalid
from privacy.core.ids import new_id
from privacy.core.writings import is_name
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring
from tenants.emails import checked
from tenants.passwords.set import set_password
from tenants.sealed_fields import USER_EMAIL, USER_NAME
from tenants.users.digests import email_digest
from tenants.users.models import User
from tenants.users.rename import LONGEST

LANGUAGES = ("en", "fi", "sv", "de")


def create_user(
    ring: Keyring,
    work: UnitOfWork,
    *,
    email: str,
    name: str,
    encoded_password: str | None = None,
    must_change_password: bool = False,
    language: str = "en",
) -> uuid.UUID:
    """A new user of the installation, in no tenant yet.

    Args:
        encoded_password: from `PasswordHashing.hash`, made before the transaction was opened.

    Raises:
        Invalid: the address is none, or the name.
        Conflict: the address has an account.
    """
    address, user_id = checked(email), new_id()
    if not is_name(name, longest=LONGEST):
        raise Invalid(fields={"name": f"Enter a name of at most {LONGEST} characters."})
    user = User(
        tenant_id=work.tenant_id,
        id=user_id,
        email_digest=email_digest(ring, work, address),
        email_sealed=USER_EMAIL.seal(ring, work, user_id, address, version=1),
        name_sealed=USER_NAME.seal(ring, work, user_id, name.strip(), version=1),
        identity_version=1,
        password_version=0,
        language=language if language in LANGUAGES else "en",
        created_at=work.now,
    )
    _insert(work, user)
    if encoded_password is not None:
        set_password(ring, work, user=user, encoded=encoded_password)
    user.must_change_password = must_change_password
    work.session.flush()
    record(work, Event.USER_CREATED, subject=user_id)
    return user_id


def _insert(work: UnitOfWork, user: User) -> None:
    try:
        with work.session.begin_nested():
            work.session.add(user)
    except IntegrityError:
        raise Conflict("This address has an account already.", code="user_exists") from None
