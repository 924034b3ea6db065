"""What a right attempt does to its counts."""

from collections.abc import Mapping

from privacy.core.db.work import UnitOfWork
from tenants.limits.counts import count_of, forget, locked, write
from tenants.limits.rules import RULES, Bucket, refunded

_OWN = frozenset({Bucket.DEVICE, Bucket.ACCOUNT_AND_ADDRESS})


def clear_attempts(work: UnitOfWork, *, keys: Mapping[bytes, Bucket]) -> None:
    """Forget the person's own errors; give shared counts only this one attempt back.

    Otherwise whoever has one account could wash an address clean for guessing at others.
    """
    forget(work, keys, _OWN)
    shared = [key for key, bucket in keys.items() if bucket not in _OWN]
    for key, row in locked(work, shared).items() if shared else ():
        write(row, refunded(count_of(row), RULES[keys[key]]))
