"""GET /api/v1/accounts: what is connected, without a secret."""

import uuid
from datetime import datetime

import msgspec
from flask import Response

from connector.accounts.find import list_accounts
from connector.accounts.kinds import AccountKind
from connector.accounts.models import ConnectorAccount
from connector.accounts.states import AccountState
from connector.http.api import examples
from connector.http.api.answers import answer
from connector.http.api.operations import Operation, describes
from tenants.http.access import requires
from tenants.http.services import work_of_caller
from tenants.permissions import Permission


class Account(msgspec.Struct, frozen=True):
    """A connected telephone system. Send its id or its external key as `account` of a call."""

    id: uuid.UUID
    name: str
    kind: AccountKind
    external_key: str
    state: AccountState
    region: str
    time_zone: str
    last_received_at: datetime | None


class Accounts(msgspec.Struct, frozen=True):
    """Every account of the tenant, by name."""

    accounts: list[Account]


@requires(Permission.ACCOUNTS_READ)
@describes(
    Operation(
        id="listAccounts",
        summary="List the connected systems",
        description="Ids, names and states. Addresses, secrets and credentials are never shown.",
        tag="accounts",
        answer=Accounts,
        example={"accounts": [examples.ACCOUNT]},
        mode=True,
    )
)
def list_all() -> Response:
    """The tenant's accounts."""
    with work_of_caller() as work:
        rows = list_accounts(work)
    return answer(Accounts([_account(row) for row in rows]))


def _account(row: ConnectorAccount) -> Account:
    return Account(
        row.id,
        row.name,
        AccountKind(row.kind),
        row.external_key,
        AccountState(row.state),
        row.region,
        row.time_zone,
        row.last_received_at,
    )
