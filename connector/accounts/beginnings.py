"""How an account that is asked begins: its connection beside it, its outside name unknown."""

import uuid
from typing import Final

from connector.accounts.connections import AccountConnection
from connector.accounts.kinds import KINDS, AccountKind
from connector.accounts.models import ConnectorAccount
from privacy.core.db.work import UnitOfWork

_DRAFT: Final = "draft:"


def unknown_key(account_id: uuid.UUID | str) -> str:
    """What stands in for the outside account's own name until a test call has told it."""
    return f"{_DRAFT}{account_id}"


def is_unknown(external_key: str) -> bool:
    """Whether no test call has told yet which outside account it is."""
    return external_key.startswith(_DRAFT)


def begin_connection(work: UnitOfWork, account: ConnectorAccount) -> None:
    """Add the row beside a new account that is asked; the account is flushed already."""
    per_minute = KINDS[AccountKind(account.kind)].per_minute
    work.session.add(
        AccountConnection(
            tenant_id=work.tenant_id, account_id=account.id, requests_per_minute=per_minute
        )
    )
    work.session.flush()
