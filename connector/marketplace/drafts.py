"""The account draft of a new subscription: a name and a kind; the tenant does the rest."""

import uuid
from collections.abc import Mapping
from typing import Any, Final

from connector.accounts.beginnings import begin_connection, unknown_key
from connector.accounts.kinds import KINDS, AccountKind
from connector.accounts.models import ConnectorAccount
from connector.accounts.states import AccountState
from privacy.core.db.work import UnitOfWork
from privacy.core.ids import new_id
from privacy.ledger.events import Event
from privacy.ledger.record import record

_USUAL: Final = {
    "T": AccountKind.MOONTALK,
    "N": AccountKind.NETVISOR,
    "M": AccountKind.MICROSOFT,
}


def draft_account(
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
    row = ConnectorAccount(
        tenant_id=work.tenant_id,
        id=new_id(),
        service=KINDS[kind].service,
        kind=kind.value,
        name=str(parameters.get("account_name", KINDS[kind].label)).strip(),
        external_key=name,
        region=parameters.get("region", "FI"),
        time_zone="Europe/Helsinki",
        settings={},
        state=AccountState.DRAFT.value,
        state_at=work.now,
        created_at=work.now,
    )
    if KINDS[kind].pulled:
        row.external_key = unknown_key(row.id)
    work.session.add(row)
    work.session.flush()
    if KINDS[kind].pulled:
        begin_connection(work, row)
    record(work, Event.ACCOUNT_CREATED, subject=row.id, facts={"kind": kind.value})
    return row.id
