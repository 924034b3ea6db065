"""What Microsoft delivers: changes, and news of the subscription itself."""

import hmac
import uuid
from collections.abc import Iterable, Mapping
from typing import Annotated, Final

import msgspec
from msgspec import Meta
from sqlalchemy import Engine, select

from connector.accounts.secrets import digest_of
from connector.watches.models import ChangeWatch
from connector.watches.read_changes import enqueue_changes
from privacy.core.db.work import Actor, ActorKind, lookup, unit_of_work
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName

MOST: Final = 1000
MOST_SUBSCRIPTIONS: Final = 50
Id = Annotated[str, Meta(min_length=1, max_length=200)]
Said = Annotated[str, Meta(max_length=255)]


class Entry(msgspec.Struct, frozen=True, rename="camel"):
    """One of a delivery. What changed is not read from it: it says only that something did."""

    subscription_id: Id
    client_state: Said | None = None
    lifecycle_event: Said | None = None


class Delivery(msgspec.Struct, frozen=True):
    """Several, perhaps of several subscriptions."""

    value: Annotated[list[Entry], Meta(max_length=MOST)]


def take_delivery(engine: Engine, delivery: Delivery) -> int:
    """Persist a job for each account that is told of, before the answer. Returns how many
    entries were nobody's: of no subscription of ours, or without its client state.

    The same told twice is done once, or does nothing the second time (ATTACK 56).
    """
    strangers = 0
    for key, entries in _by_subscription(delivery.value).items():
        proven = _proven(engine, key, entries)
        strangers += len(entries) - len(proven[1])
        if proven[0] is not None and proven[1]:
            _persist(engine, *proven[0], {entry.lifecycle_event for entry in proven[1]})
    return strangers


def _by_subscription(entries: Iterable[Entry]) -> Mapping[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.subscription_id in found or len(found) < MOST_SUBSCRIPTIONS:
            found.setdefault(entry.subscription_id, []).append(entry)
    return found


def _proven(
    engine: Engine, key: str, entries: list[Entry]
) -> tuple[tuple[uuid.UUID, uuid.UUID] | None, list[Entry]]:
    """Whose subscription it is, and the entries that know its client state."""
    digest = digest_of(key)
    statement = select(ChangeWatch.tenant_id, ChangeWatch.account_id, ChangeWatch.state_digest)
    with lookup(engine, digest=digest) as session:
        row = session.execute(statement.where(ChangeWatch.digest == digest)).one_or_none()
    if row is None:
        return None, []
    told = [
        entry
        for entry in entries
        if hmac.compare_digest(digest_of(entry.client_state or ""), row.state_digest)
    ]
    return (row.tenant_id, row.account_id), told


def _persist(
    engine: Engine, tenant_id: uuid.UUID, account_id: uuid.UUID, events: set[str | None]
) -> None:
    """A change and `missed` want a reading; all else that is told wants the subscription seen to:
    `reauthorizationRequired`, `subscriptionRemoved`, and what may come to be told one day."""
    actor = Actor(ActorKind.ACCOUNT, account_id)
    with unit_of_work(engine, tenant_id=tenant_id, actor=actor) as work:
        if events & {None, "missed", "subscriptionRemoved"}:
            enqueue_changes(work, account_id=account_id)
        if events - {None, "missed"}:
            slot = int(work.now.timestamp()) // 60
            name = JobName.WATCH_KEEP
            enqueue(
                work,
                name=name,
                payload={"account_id": str(account_id), "renewed": True},
                dedupe_key=f"{name.value}:{account_id}:told:{slot}",
            )
