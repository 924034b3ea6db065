"""Find accounts of the bound tenant; a secret's account is found in addresses."""

import uuid

from sqlalchemy import select

from connector.accounts.models import ConnectorAccount
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound


def find_account(
    work: UnitOfWork, account_id: uuid.UUID, *, lock: bool = False
) -> ConnectorAccount:
    """One account of the bound tenant.

    Raises:
        NotFound: there is none with this id, or it was deleted.
    """
    row = _living(work, account_id, lock=lock)
    if row is None:
        raise NotFound
    return row


def list_accounts(work: UnitOfWork) -> list[ConnectorAccount]:
    """The bound tenant's accounts, by name."""
    statement = (
        select(ConnectorAccount)
        .where(ConnectorAccount.deleted_at.is_(None))
        .order_by(ConnectorAccount.name, ConnectorAccount.id)
    )
    return list(work.session.scalars(statement))


def _living(
    work: UnitOfWork, account_id: uuid.UUID, *, lock: bool = False
) -> ConnectorAccount | None:
    statement = select(ConnectorAccount).where(
        ConnectorAccount.id == account_id, ConnectorAccount.deleted_at.is_(None)
    )
    if lock:
        statement = statement.with_for_update()
    found: ConnectorAccount | None = work.session.scalar(statement)
    return found
