"""GET /api/v1/accounts: what is connected, without a secret."""

import uuid
from datetime import datetime
from typing import Annotated

import msgspec
from flask import Response
from msgspec import Meta

from connector.accounts.find import Wanted, page_accounts
from connector.accounts.kinds import AccountKind
from connector.accounts.models import ConnectorAccount
from connector.accounts.states import AccountState
from connector.http.api import examples
from connector.http.api.answers import answer
from connector.http.api.inputs import read_query
from connector.http.api.operations import Operation, describes
from privacy.core.cursors import not_ours
from privacy.core.errors import Invalid, NotFound
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
    """A page of accounts, by name. Without `next_cursor` it is the last one."""

    accounts: list[Account]
    next_cursor: uuid.UUID | None


class AccountQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page, of what."""

    state: AccountState | None = None
    kind: AccountKind | None = None
    cursor: (
        Annotated[uuid.UUID, Meta(description="next_cursor of the page before, unchanged.")] | None
    ) = None
    limit: Annotated[int, Meta(ge=1, le=500, description="The most that a page holds.")] = 100


@requires(Permission.ACCOUNTS_READ)
@describes(
    Operation(
        id="listAccounts",
        summary="List the connected systems",
        description="Ids, names and states. Addresses, secrets and credentials are never shown.",
        tag="accounts",
        query=AccountQuery,
        answer=Accounts,
        example={"accounts": [examples.ACCOUNT], "next_cursor": None},
        problems=(Invalid,),
        mode=True,
    )
)
def list_all() -> Response:
    """A page of the tenant's accounts."""
    query: AccountQuery = read_query(AccountQuery)
    wanted = Wanted(state=query.state, kind=query.kind)
    with work_of_caller() as work:
        try:
            rows = page_accounts(work, wanted=wanted, after=query.cursor, limit=query.limit + 1)
        except NotFound:
            raise not_ours() from None
    shown = [_account(row) for row in rows[: query.limit]]
    return answer(Accounts(shown, shown[-1].id if len(rows) > query.limit else None))


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
