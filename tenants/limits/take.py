"""Count an attempt before it is evaluated."""

import math
from collections.abc import Mapping
from datetime import timedelta

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import TooManyRequests
from privacy.ledger.events import Event
from privacy.ledger.record import record
from tenants.limits.counts import count_of, locked, write
from tenants.limits.rules import RULES, Bucket, counted, wait_of


def take_attempt(work: UnitOfWork, *, keys: Mapping[bytes, Bucket], trial: str) -> timedelta:
    """Count one attempt, or say how long to wait. Commit before evaluating what was tried.

    Counting first means that a crowd of parallel guesses gets no more answers than a queue
    would (ATTACK 25). A refused attempt counts nowhere, so nobody can be kept out by knocking.

    Returns:
        Zero when the attempt may be evaluated, else the wait; nothing was counted then.
    """
    rows = locked(work, keys)
    waits = [wait_of(count_of(row), now=work.now) for row in rows.values()]
    longest = max(waits, default=timedelta())
    if longest:
        return longest
    for key, row in rows.items():
        after = counted(count_of(row), RULES[keys[key]], now=work.now)
        write(row, after)
        if after.blocked_until is not None:
            facts = {"bucket": keys[key].value, "trial": trial, "attempts": after.attempts}
            record(work, Event.SIGN_IN_LOCKED, facts=facts)
    return timedelta()


def too_many(wait: timedelta) -> TooManyRequests:
    """The refusal, alike for every account, existing or not."""
    seconds = math.ceil(wait.total_seconds())
    minutes = max(1, math.ceil(seconds / 60))
    unit = "minute" if minutes == 1 else "minutes"
    return TooManyRequests(
        f"Too many attempts. Wait {minutes} {unit}, or set a new password by e-mail.",
        code="too_many_attempts",
        retry_after=seconds,
    )
