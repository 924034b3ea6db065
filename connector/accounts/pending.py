"""A credential that was entered and has not worked yet. The one before it stays until it has."""

import uuid
from collections.abc import Mapping

from sqlalchemy import select

from connector.accounts.connections import PENDING_VERSION, AccountConnection
from connector.accounts.credentials import read_fields, seal_fields, write_fields
from connector.accounts.models import ConnectorAccount
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Scope
from privacy.vault.meanings import Meaning


def connection_of(work: UnitOfWork, account_id: uuid.UUID) -> AccountConnection:
    """The row beside an account that is asked. Lock the account first where you change it.

    Raises:
        NotFound: the account is not asked, or not the bound tenant's.
    """
    found = work.session.scalar(
        select(AccountConnection).where(AccountConnection.account_id == account_id)
    )
    if found is None:
        raise NotFound
    return found


def seal_pending(
    work: UnitOfWork, vault: Keyring, connection: AccountConnection, fields: Mapping[str, str]
) -> None:
    """Keep a new credential beside the one in use, as the row's next version."""
    connection.pending_version = (connection.pending_version or 0) + 1
    PENDING_VERSION.witness(work, row_id=connection.account_id, version=connection.pending_version)
    text = write_fields(fields).encode()
    connection.pending_sealed = vault.seal(work, Scope.CREDENTIALS, _meaning(connection), text)


def open_pending(
    work: UnitOfWork, vault: Keyring, connection: AccountConnection
) -> dict[str, str] | None:
    """The new credential, if one is there. Raises OpenError."""
    if connection.pending_sealed is None:
        return None
    sealed = connection.pending_sealed
    return read_fields(vault.open(work, Scope.CREDENTIALS, _meaning(connection), sealed).decode())


def promote_pending(
    work: UnitOfWork, vault: Keyring, account: ConnectorAccount, connection: AccountConnection
) -> bool:
    """The new credential has worked: it takes the old one's place. False where there is none."""
    fields = open_pending(work, vault, connection)
    if fields is None:
        return False
    seal_fields(work, vault, account, fields)
    connection.pending_sealed = None
    return True


def _meaning(connection: AccountConnection) -> Meaning:
    return Meaning(
        "credential",
        connection.tenant_id,
        "account_connections",
        connection.account_id,
        "pending_sealed",
        connection.pending_version,
    )
