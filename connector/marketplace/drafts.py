"""The account draft of a new subscription: a name and a kind; the tenant does the rest."""

import uuid
from collections.abc import Mapping
from typing import Any, Final

from connector.accounts.begin import REGION, begin_account
from connector.accounts.kinds import KINDS, AccountKind
from connector.accounts.states import AccountState
from privacy.core.db.work import UnitOfWork

_USUAL: Final = {
    "T": AccountKind.MOONTALK,
    "N": AccountKind.NETVISOR,
    "M": AccountKind.MICROSOFT,
}


def draft_ordered(
    work: UnitOfWork, *, service: str, name: str, parameters: Mapping[str, Any]
) -> uuid.UUID | None:
    """A draft of the service's usual kind, or of the one that was ordered; None where the
    service has no accounts. No secret is made: that is for the tenant, in the console.

    Args:
        name: its own name outside, until the tenant says another, or a test call; unique.
    """
    usual = _USUAL.get(service)
    if usual is None:
        return None
    kind = AccountKind(parameters.get("account_kind", usual.value))
    row = begin_account(
        work,
        kind=kind,
        name=str(parameters.get("account_name", KINDS[kind].label)),
        state=AccountState.DRAFT,
        external_key=name,
        region=parameters.get("region", REGION),
    )
    return row.id
