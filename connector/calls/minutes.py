"""Single posts, counted by the minute: the ledger says each minute once, not each post."""

import uuid
from datetime import timedelta

from sqlalchemy import delete

from connector.calls.models import PostMinute
from connector.calls.outcomes import IngestOutcome
from connector.calls.tallies import shard
from privacy.core.db.work import UnitOfWork
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from privacy.ledger.events import Event
from privacy.ledger.record import record

_SLOT = timedelta(minutes=10)

_MINUTE = """
INSERT INTO post_minutes
    (tenant_id, account_id, minute, shard, accepted, duplicates, expired, rejected)
SELECT %s::uuid, %s::uuid, date_trunc('minute', %s::timestamptz), %s::int2,
"""
_RAISE = """
ON CONFLICT (tenant_id, account_id, minute, shard) DO UPDATE SET
    accepted = post_minutes.accepted + excluded.accepted,
    duplicates = post_minutes.duplicates + excluded.duplicates,
    expired = post_minutes.expired + excluded.expired,
    rejected = post_minutes.rejected + excluded.rejected
RETURNING xmax = 0
"""
_ADD = f"{_MINUTE} %s, %s, %s, %s {_RAISE}"
ADD_NEW = f"{_MINUTE} n, %s - n, %s, %s FROM (SELECT count(*) FROM new) AS counted (n) {_RAISE}"
"""What is in `new` was accepted. Parameters: `minute_of`, then how many calls were sent that are
still kept, how many that are not, and how many were rejected. Returns whether the minute began."""


def count_posts(work: UnitOfWork, account_id: uuid.UUID, outcome: IngestOutcome) -> None:
    """Count one post, in its own transaction: what is counted was committed with it."""
    counts = (outcome.accepted, outcome.duplicates, outcome.expired, len(outcome.rejections))
    values = (*minute_of(work, account_id), *counts)
    [began] = work.driver.execute(_ADD, values, prepare=True)
    if began[0]:
        ask_for_record(work)


def minute_of(work: UnitOfWork, account_id: uuid.UUID) -> tuple[object, ...]:
    """What names the row in which this thread counts at the moment."""
    return str(work.tenant_id), str(account_id), work.now, shard()


def ask_for_record(work: UnitOfWork) -> None:
    """One job for every ten minutes with posts: a fork for each minute of each tenant would cost
    more than the posts. A minute's row is there only together with the job that will say it."""
    slot = work.now.replace(minute=work.now.minute // 10 * 10, second=0, microsecond=0)
    run_at = slot + _SLOT + timedelta(minutes=2, seconds=5)
    key = f"{JobName.POSTS_RECORD}@{slot:%Y-%m-%dT%H:%MZ}"
    enqueue(work, name=JobName.POSTS_RECORD, run_at=run_at, dedupe_key=key)


def record_minutes(work: UnitOfWork) -> int:
    """Say every closed minute of the bound tenant in the ledger. Returns how many events.

    A minute counts as closed two minutes later; a post that commits later still starts a new
    row, which is said in an event of its own.
    """
    closed = delete(PostMinute).where(PostMinute.minute < work.now - timedelta(minutes=2))
    counts: dict[tuple[uuid.UUID, str], dict[str, int]] = {}
    for row in work.session.scalars(closed.returning(PostMinute)):
        minute = counts.setdefault((row.account_id, f"{row.minute:%Y-%m-%dT%H:%MZ}"), {})
        for name in ("accepted", "duplicates", "expired", "rejected"):
            minute[name] = minute.get(name, 0) + getattr(row, name)
    for (account_id, minute_of), facts in sorted(counts.items(), key=lambda item: item[0][1]):
        said: dict[str, str | int] = {"minute": minute_of, **facts}
        record(work, Event.CALLS_POSTED, subject=account_id, facts=said)
    return len(counts)
