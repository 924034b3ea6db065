"""Credentials of outside systems: write-only, sealed under the tenant's credential key.

A credential is one text; one of several fields is a JSON object of texts.
"""

import json
from collections.abc import Mapping

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


def seal_fields(
    work: UnitOfWork, vault: Keyring, account: ConnectorAccount, fields: Mapping[str, str]
) -> None:
    """Put a credential of several fields into the row, as its next version."""
    seal_credential(work, vault, account, write_fields(fields))


def open_fields(work: UnitOfWork, vault: Keyring, account: ConnectorAccount) -> dict[str, str]:
    """The fields again; none where there is no credential. Raises OpenError."""
    text = open_credential(work, vault, account)
    return read_fields(text) if text else {}


def write_fields(fields: Mapping[str, str]) -> str:
    """As JSON, in one spelling."""
    return json.dumps(dict(fields), sort_keys=True, ensure_ascii=False)


def read_fields(text: str) -> dict[str, str]:
    """From JSON."""
    return {str(name): str(value) for name, value in json.loads(text).items()}


def _meaning(account: ConnectorAccount) -> Meaning:
    return Meaning(
        "credential",
        account.tenant_id,
        "connector_accounts",
        account.id,
        "credential_sealed",
        account.credential_version,
    )
