"""Credentials of outside systems: write-only, sealed under the tenant's credential key."""

from connector.accounts.models import CREDENTIAL_VERSION, ConnectorAccount
from privacy.core.db.work import UnitOfWork
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Scope
from privacy.vault.meanings import Meaning


def seal_credential(
    work: UnitOfWork, vault: Keyring, account: ConnectorAccount, credential: str
) -> None:
    """Put `credential` into the row, as its next version."""
    account.credential_version = (account.credential_version or 0) + 1
    CREDENTIAL_VERSION.witness(work, row_id=account.id, version=account.credential_version)
    text = credential.strip().encode()
    account.credential_sealed = vault.seal(work, Scope.CREDENTIALS, _meaning(account), text)


def open_credential(work: UnitOfWork, vault: Keyring, account: ConnectorAccount) -> str | None:
    """The credential, for a test of a signature or a call outside; never for a page or a log.

    Raises:
        OpenError: it was changed outside the service.
    """
    if account.credential_sealed is None:
        return None
    sealed = account.credential_sealed
    return vault.open(work, Scope.CREDENTIALS, _meaning(account), sealed).decode()


def _meaning(account: ConnectorAccount) -> Meaning:
    return Meaning(
        "credential",
        account.tenant_id,
        "connector_accounts",
        account.id,
        "credential_sealed",
        account.credential_version,
    )
