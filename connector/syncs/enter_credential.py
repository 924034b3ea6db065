"""Enter a credential again: the one in use stays until the new one has worked."""

import uuid
from collections.abc import Mapping

from connector.accounts.beginnings import is_unknown
from connector.accounts.credentials import open_fields, seal_fields
from connector.accounts.find import find_account
from connector.accounts.models import ConnectorAccount
from connector.accounts.pending import connection_of, seal_pending
from connector.accounts.states import AccountState
from connector.providers.port import Provider
from connector.syncs.draft_account import check_entered
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring


def enter_credential(
    work: UnitOfWork,
    *,
    vault: Keyring,
    provider: Provider,
    account_id: uuid.UUID,
    credential: Mapping[str, str],
) -> None:
    """Keep what was entered beside the credential in use; then call try_account.

    A field left empty keeps its value. A credential that never worked is overwritten.

    Raises:
        NotFound: no such account, or it is not asked.
        Invalid: `details["fields"]` says what is wrong with which field.
    """
    account = find_account(work, account_id, lock=True)
    connection = connection_of(work, account_id)
    known = open_fields(work, vault, account)
    entered = {name: text for name, text in credential.items() if text.strip()}
    fields = check_entered(provider, known | entered, account.settings)
    _check_place(provider, account, known, entered, fields)
    if _never_worked(account):
        seal_fields(work, vault, account, fields)
    else:
        seal_pending(work, vault, connection, fields)
    record(work, Event.ACCOUNT_ROTATED, subject=account_id, facts={"what": "credential"})


def _never_worked(account: ConnectorAccount) -> bool:
    return is_unknown(account.external_key) or account.state == AccountState.DRAFT


def _check_place(
    provider: Provider,
    account: ConnectorAccount,
    known: Mapping[str, str],
    entered: Mapping[str, str],
    fields: Mapping[str, str],
) -> None:
    """A secret that was entered for one place is not sent to another: it is entered again."""
    if not known:
        return
    before = provider.recipients(known, account.settings)
    if set(provider.recipients(fields, account.settings)) <= set(before):
        return
    secrets = [field.name for field in provider.credential if field.secret]
    missing = [name for name in secrets if known.get(name) and name not in entered]
    if missing:
        said = "Enter it again, since it will be used at another address."
        raise Invalid(fields=dict.fromkeys(missing, said))
