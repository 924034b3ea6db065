"""What a right attempt does to its counts."""

from collections.abc import Mapping

from privacy.core.db.work import UnitOfWork
from tenants.limits.counts import count_of, locked, write
from tenants.limits.rules import RULES, Bucket, Count, refunded

_OWN = frozenset({Bucket.DEVICE, Bucket.ACCOUNT_AND_ADDRESS})


def clear_attempts(work: UnitOfWork, *, keys: Mapping[bytes, Bucket]) -> None:
    """Forget the person's own errors; give shared counts only this one attempt back.

    Otherwise whoever has one account could wash an address clean for guessing at others. Counts
    are set to nothing, not deleted: whoever waits for such a row would find none to count in.
    """
    for key, row in locked(work, keys).items():
        if keys[key] in _OWN:
            write(row, Count(expires_at=work.now))
        else:
            write(row, refunded(count_of(row), RULES[keys[key]]))
