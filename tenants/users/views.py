"""A user as people see one."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from privacy.core.db.work import UnitOfWork
from privacy.vault.keyring import Keyring
from tenants.sealed_fields import USER_EMAIL, USER_NAME
from tenants.users.models import User


@dataclass(frozen=True, slots=True)
class UserView:
    """Opened identity and the states of the credentials."""

    id: uuid.UUID
    email: str
    name: str
    language: str
    active: bool
    has_password: bool
    must_change_password: bool
    has_second_factor: bool
    created_at: datetime

    def __repr__(self) -> str:
        return f"<UserView {self.id}>"


def user_view(ring: Keyring, work: UnitOfWork, user: User) -> UserView:
    """Open name and address of `user`; `work` is bound to the installation."""
    version = user.identity_version
    return UserView(
        id=user.id,
        email=USER_EMAIL.open(ring, work, user.id, user.email_sealed, version=version),
        name=USER_NAME.open(ring, work, user.id, user.name_sealed, version=version),
        language=user.language,
        active=user.state == "active",
        has_password=user.password_sealed is not None,
        must_change_password=user.must_change_password,
        has_second_factor=user.totp_confirmed_at is not None,
        created_at=user.created_at,
    )
