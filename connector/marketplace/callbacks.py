"""Post announcements to the marketplace's own interface, with the key that it knows us by."""

import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from http import HTTPStatus
from typing import Any

import msgspec

from connector.marketplace.models import ServiceSubscription
from connector.outbound.client import Answer, Limits, Outbound
from connector.outbound.recipients import Recipient, Recipients
from connector.outbound.statuses import failure_of
from privacy.core.clock import now
from privacy.core.db.work import UnitOfWork
from tenants.marketplace_keys.create import Callback

OpenWork = Callable[[], AbstractContextManager[UnitOfWork]]
LIMITS = Limits(connect_seconds=5.0, idle_seconds=15.0, total_seconds=30.0, answer_bytes=65_536)


def announcement(
    open_work: OpenWork,
    *,
    event_id: uuid.UUID,
    subscription_id: uuid.UUID,
    change: str,
    account_id: str | None,
) -> Mapping[str, Any] | None:
    """What is said: ids, states, dates and impersonal parameters. None when there is nothing
    left to say it of."""
    with open_work() as work:
        row = work.session.get(ServiceSubscription, (work.tenant_id, subscription_id))
        if row is None:
            return None
        return {
            "event_id": str(event_id),
            "change": change,
            "at": now(),
            "tenant_id": str(row.tenant_id),
            "subscription_id": str(row.id),
            "service": row.service,
            "state": row.state,
            "parameters": row.parameters,
            "account_id": account_id,
            "ends_at": row.ends_at,
        }


def post_announcement(
    callback: Callback, told: Mapping[str, Any], *, loopback: bool = False
) -> None:
    """Post it to one address; the marketplace recognises a repetition by `event_id`.

    Raises:
        Failure: it was not taken; the job is tried again.
    """
    client = Outbound(Recipients([Recipient.of(callback.url)]), loopback=loopback, limits=LIMITS)
    headers = {"content-type": "application/json", "x-api-key": callback.key}
    answer = client.send("POST", callback.url, headers=headers, body=msgspec.json.encode(told))
    _check(answer)


def _check(answer: Answer) -> None:
    if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        raise failure_of(answer, now=now(), where="marketplace callback")
