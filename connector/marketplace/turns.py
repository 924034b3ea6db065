"""Taking turns with a customer: an order and the end of everything never run at once.

The end looks whether anything is left, and destroys the tenant some transactions later; an order
finds the tenant, and subscribes it some transactions later. Each holds the tenant's turn from its
look to its last commit, so that neither acts on what the other has made untrue since.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from connector.marketplace.subscriptions import list_subscriptions
from connector.syncs.locks import Busy, locked
from privacy.core.db.locks import AdvisoryLock
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Unavailable
from tenants.desks import Desk

WAITS = 10.0
"""Seconds that either waits for its turn."""


class CustomerBusy(Unavailable):
    """Another order, or the end of what there was."""

    code = "customer_busy"
    message = "Something else is being done for this customer. Send the order again in a minute."


@contextmanager
def turn_with(desk: Desk, tenant_id: uuid.UUID) -> Iterator[None]:
    """Hold the tenant's turn. Raises CustomerBusy."""
    try:
        with locked(desk.engine, AdvisoryLock.CUSTOMER_TURN, tenant_id, seconds=WAITS):
            yield
    except Busy:
        raise CustomerBusy from None


def refuse_while_ending(work: UnitOfWork) -> None:
    """Raise CustomerBusy where the bound tenant's end has begun and its next run will finish it:
    its keys may be destroyed already. After that the customer begins with a new tenant."""
    rows = list_subscriptions(work)
    if rows and all(row.state == "ended" for row in rows):
        raise CustomerBusy
