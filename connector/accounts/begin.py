"""The row that every account begins with, whoever adds it."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.exc import IntegrityError

from connector.accounts.beginnings import begin_connection, unknown_key
from connector.accounts.kinds import KINDS, AccountKind
from connector.accounts.models import ConnectorAccount
from connector.accounts.states import AccountState
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict
from privacy.core.ids import new_id
from privacy.ledger.events import Event
from privacy.ledger.record import record

REGION: Final = "FI"
TIME_ZONE: Final = "Europe/Helsinki"


class AccountExists(Conflict):
    """The same outside account twice would store every call twice."""

    code = "account_exists"
    message = "This system is connected already. Change the existing account instead."


def begin_account(
    work: UnitOfWork,
    *,
    kind: AccountKind,
    name: str,
    state: AccountState,
    external_key: str = "",
    region: str = REGION,
    time_zone: str = TIME_ZONE,
    settings: Mapping[str, Any] | None = None,
) -> ConnectorAccount:
    """A new account of the bound tenant, flushed, in the ledger; unchecked, without credential.

    Args:
        external_key: the outside system's own name for the account. Of one that is asked, a
            test call tells it.

    Raises:
        AccountExists: an account of this kind with this external key is there.
    """
    account_id, known = new_id(), KINDS[kind]
    row = ConnectorAccount(
        tenant_id=work.tenant_id,
        id=account_id,
        service=known.service,
        kind=kind.value,
        name=name.strip(),
        external_key=unknown_key(account_id) if known.pulled else external_key.strip(),
        region=region,
        time_zone=time_zone,
        settings=dict(settings or {}),
        state=state.value,
        state_at=work.now,
        created_at=work.now,
    )
    _add_once(work, row)
    if known.pulled:
        begin_connection(work, row)
    record(work, Event.ACCOUNT_CREATED, subject=row.id, facts={"kind": kind.value})
    return row


def _add_once(work: UnitOfWork, row: ConnectorAccount) -> None:
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError as error:
        raise AccountExists from error
