"""Find users. `work` is bound to the installation throughout."""

import uuid
from collections.abc import Collection

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.vault.keyring import Keyring
from tenants.users.digests import email_digest
from tenants.users.models import User
from tenants.users.views import UserView, user_view


def find_by_email(ring: Keyring, work: UnitOfWork, *, email: str) -> User | None:
    """The user of an address, in whatever spelling it was typed."""
    digest = email_digest(ring, work, email)
    return work.session.scalar(select(User).where(User.email_digest == digest))


def get_user(work: UnitOfWork, *, user_id: uuid.UUID, lock: bool = False) -> User:
    """One user by id; with `lock`, held until the transaction ends. Raises NotFound."""
    query = select(User).where(User.id == user_id)
    found = work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


def view_user(ring: Keyring, work: UnitOfWork, *, user_id: uuid.UUID) -> UserView:
    """One user with name and address opened. Raises NotFound."""
    return user_view(ring, work, get_user(work, user_id=user_id))


def view_users(
    ring: Keyring, work: UnitOfWork, *, ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, UserView]:
    """Those of `ids` that exist."""
    rows = work.session.scalars(select(User).where(User.id.in_(list(ids))))
    return {row.id: user_view(ring, work, row) for row in rows}
