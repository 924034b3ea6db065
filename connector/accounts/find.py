"""Find accounts: by id, by their own name outside, or by the secret that an exchange holds."""

import uuid

from sqlalchemy import Engine, select

from connector.accounts.models import AccountSecret, ConnectorAccount
from connector.accounts.refs import AccountRef, ref_of
from connector.accounts.secrets import digest_of
from privacy.core.db.work import NOBODY, UnitOfWork, lookup, unit_of_work
from privacy.core.errors import NotFound


def account_by_secret(engine: Engine, secret: str) -> AccountRef:
    """The account whose address holds `secret`.

    Raises:
        NotFound: there is none; whose it was, or whether it ever was, is not told.
    """
    digest = digest_of(secret)
    with lookup(engine, digest=digest) as session:
        found = session.execute(select(AccountSecret)).scalar_one_or_none()
    if found is None:
        raise NotFound
    with unit_of_work(engine, tenant_id=found.tenant_id, actor=NOBODY) as work:
        row = _living(work, found.account_id)
        if row is None:
            raise NotFound
        return ref_of(row, generation=found.generation)


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
