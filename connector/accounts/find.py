"""Find accounts of the bound tenant; a secret's account is found in addresses."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select, tuple_

from connector.accounts.kinds import AccountKind
from connector.accounts.models import ConnectorAccount
from connector.accounts.states import AccountState
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


def accounts_named(work: UnitOfWork, names: Collection[str]) -> list[ConnectorAccount]:
    """The bound tenant's accounts with these ids or external keys, by name.

    Senders write anything into the field, a person's number by mistake too: their words are
    compared here and never become part of a statement.
    """
    table = ConnectorAccount
    living = select(table.id, table.external_key).where(table.deleted_at.is_(None))
    wanted = set(names)
    rows = work.session.execute(living)
    ids = {id_ for id_, key in rows if key in wanted or str(id_) in wanted}
    if not ids:
        return []
    statement = select(table).where(table.id.in_(ids)).order_by(table.name, table.id)
    return list(work.session.scalars(statement))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which accounts. `words`: some letters of a name, in any case."""

    state: AccountState | None = None
    kind: AccountKind | None = None
    words: str = ""


def page_accounts(
    work: UnitOfWork, *, wanted: Wanted, after: uuid.UUID | None = None, limit: int = 50
) -> list[ConnectorAccount]:
    """Some of the bound tenant's accounts by name, those that follow the account `after`.

    Raises:
        NotFound: there never was an account `after`.
    """
    table = ConnectorAccount
    statement = (
        select(table).where(table.deleted_at.is_(None)).order_by(table.name, table.id).limit(limit)
    )
    if wanted.state is not None:
        statement = statement.where(table.state == wanted.state.value)
    if wanted.kind is not None:
        statement = statement.where(table.kind == wanted.kind.value)
    if wanted.words.strip():
        letters = wanted.words.strip().lower()
        statement = statement.where(func.strpos(func.lower(table.name), letters) > 0)
    if after is not None:
        last = work.session.execute(
            select(table.name, table.id).where(table.id == after)
        ).one_or_none()
        if last is None:
            raise NotFound
        statement = statement.where(tuple_(table.name, table.id) > tuple_(*last))
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
