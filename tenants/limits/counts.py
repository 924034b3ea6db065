"""Buckets in PostgreSQL, locked together in one order, so that parallel guesses count up."""

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from privacy.core.db.work import UnitOfWork
from tenants.limits.models import AttemptCount
from tenants.limits.rules import Count


def locked(work: UnitOfWork, keys: Iterable[bytes]) -> dict[bytes, AttemptCount]:
    """The rows of `keys`, made where missing, held until the transaction ends.

    In the order of their keys, so that two attempts never wait for each other in a circle.
    """
    ordered = sorted(keys)
    fresh = {"tenant_id": work.tenant_id, "attempts": 0, "expires_at": work.now}
    work.connection.execute(
        insert(AttemptCount)
        .values([{**fresh, "key": key} for key in ordered])
        .on_conflict_do_nothing()
    )
    rows = work.session.scalars(
        select(AttemptCount)
        .where(AttemptCount.key.in_(ordered))
        .order_by(AttemptCount.key)
        .with_for_update()
    )
    return {row.key: row for row in rows}


def count_of(row: AttemptCount) -> Count:
    """The row as the rules see it."""
    return Count(row.attempts, row.blocked_until, row.expires_at)


def write(row: AttemptCount, count: Count) -> None:
    """Put what the rules said back."""
    row.attempts = count.attempts
    row.blocked_until = count.blocked_until
    row.expires_at = count.expires_at or row.expires_at


def sweep_counts(work: UnitOfWork) -> int:
    """Delete counts that are forgotten anyway. Returns how many."""
    gone = work.connection.execute(
        delete(AttemptCount).where(
            AttemptCount.tenant_id == work.tenant_id, AttemptCount.expires_at < work.now
        )
    )
    return gone.rowcount
