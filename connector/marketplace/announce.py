"""Tell the marketplace what changed on our side: in the transaction of the change."""

import uuid
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import text

from connector.marketplace.models import ServiceSubscription
from connector.marketplace.subscriptions import list_subscriptions
from privacy.core.db.work import UnitOfWork
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName

_OF_SERVICE = text(
    "SELECT id FROM service_subscriptions WHERE tenant_id = :tenant AND service = :service "
    "AND state <> 'ended'"
)


class Change(StrEnum):
    """What can be announced."""

    PARAMETERS = "parameters_changed"
    CONNECTED = "account_connected"
    ENDED = "ended"


def announce_change(
    work: UnitOfWork,
    *,
    subscription_id: uuid.UUID,
    change: Change,
    account_id: uuid.UUID | None = None,
) -> None:
    """Announce it after the commit, wherever a marketplace wants to know."""
    payload = {
        "subscription_id": str(subscription_id),
        "change": change.value,
        "account_id": str(account_id) if account_id else None,
    }
    enqueue(work, name=JobName.MARKETPLACE_ANNOUNCE, payload=payload)


def announce_connected(work: UnitOfWork, *, service: str, account_id: uuid.UUID) -> None:
    """An account works for the first time, or again. Costs one small question."""
    values = {"tenant": work.tenant_id, "service": service}
    for row in work.connection.execute(_OF_SERVICE, values).all():
        announce_change(
            work, subscription_id=row.id, change=Change.CONNECTED, account_id=account_id
        )


def note_parameters(work: UnitOfWork, parameters: Mapping[str, Any]) -> None:
    """People changed a setting that is a parameter of subscriptions, too."""
    for row in list_subscriptions(work):
        _note(work, row, parameters)


def _note(work: UnitOfWork, row: ServiceSubscription, parameters: Mapping[str, Any]) -> None:
    known = {name: value for name, value in parameters.items() if name in row.parameters}
    changed = {name: value for name, value in known.items() if row.parameters[name] != value}
    if changed and row.state != "ended":
        row.parameters = {**row.parameters, **changed}
        announce_change(work, subscription_id=row.id, change=Change.PARAMETERS)
