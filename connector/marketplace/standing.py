"""The tenant follows its subscriptions: when all that are left are suspended, so is the tenant."""

from collections.abc import Iterator
from contextlib import contextmanager

from connector.marketplace.subscriptions import list_subscriptions
from privacy.core.db.work import UnitOfWork
from tenants.tenants.change import move_tenant


@contextmanager
def tenant_following(work: UnitOfWork) -> Iterator[None]:
    """Suspend or reopen the bound tenant when the block changed what its subscriptions say.

    An operator's own suspension stays as long as they say nothing else. While something ends,
    people can get in: they may want an export (promise B4).
    """
    before = _all_suspended(work)
    yield
    work.session.flush()
    after = _all_suspended(work)
    if after != before:
        move_tenant(work, state="suspended" if after else "active")


def _all_suspended(work: UnitOfWork) -> bool:
    left = {row.state for row in list_subscriptions(work)} - {"ended"}
    return left == {"suspended"}
