"""Orders of a marketplace: each is done once, and answered alike whenever it is repeated.

An order can take several transactions. What it is going to make gets its ids in the first one,
so that a repetition after a crash does the rest and makes nothing twice.
"""

import hashlib
import hmac
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from sqlalchemy import Engine, delete, select, text

from connector.marketplace.models import MarketplaceOrder
from privacy.core.db.work import Actor, UnitOfWork
from privacy.core.errors import Conflict, Invalid, NotFound, SiltaError
from privacy.core.ids import new_id
from privacy.vault.labels import Index
from tenants.desks import Desk
from tenants.marketplace_keys.sellers import seller_of

PROVISION: Final = "provision"
_LOCK = text("SELECT pg_try_advisory_xact_lock(:name)")


class OrderReused(Invalid):
    """The id names another order."""

    code = "order_id_reused"
    message = "This order_id was used for another order. Take a new id for a new order."


class OrderInProgress(Conflict):
    """The first call with this id is still running."""

    code = "order_in_progress"
    message = "This order is being carried out. Wait a moment and send it again, unchanged."


@dataclass(frozen=True, slots=True)
class Order:
    """One call: the marketplace's id of it, the method, and all that it says."""

    id: str
    method: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Done:
    """What an order came to: the answer, and whose it was."""

    answer: bytes
    member_tenant_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class _Names:
    """Keyed digests of an order's name, of whose it is, and of all that it says."""

    order: bytes
    seller: bytes
    content: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered. `replayed`: nothing was done this time."""

    body: bytes
    replayed: bool = False


def run_order(
    desk: Desk,
    *,
    actor: Actor,
    order: Order,
    effect: Callable[[uuid.UUID], Done],
    subscription_id: uuid.UUID | None = None,
) -> Answer:
    """Carry `order` out, or give the answer that it was given.

    Args:
        effect: what is to be done, given the subscription's id. It bears repetition.
        subscription_id: the subscription that the order is about; None makes an id for a new one.

    Raises:
        OrderReused (422). OrderInProgress (409). What `effect` raises: then the order is as if
        it had never been sent, or, where the failure was ours or passes, waits to be repeated.
    """
    names = _digests(desk, actor, order)
    with _alone(desk.engine, names.order):
        with desk.installation(actor) as work:
            row = _begin(work, order, names, subscription_id or new_id())
            planned, answer = row.subscription_id, row.answer
        if answer is not None:
            return Answer(answer, replayed=True)
        try:
            done = effect(planned)
        except SiltaError as error:
            if error.status < HTTPStatus.INTERNAL_SERVER_ERROR and not _passes(error):
                _forget(desk, actor, names.order)
            raise
        with desk.installation(actor) as work:
            _finish(work, names.order, done)
    return Answer(done.answer)


def tenant_of(desk: Desk, *, actor: Actor, subscription_id: uuid.UUID) -> uuid.UUID:
    """Whose subscription it is. Raises NotFound, for another marketplace's too."""
    with desk.installation(actor) as work:
        found = work.session.scalar(
            select(MarketplaceOrder.member_tenant_id).where(
                MarketplaceOrder.subscription_id == subscription_id,
                MarketplaceOrder.method == PROVISION,
                MarketplaceOrder.done_at.is_not(None),
                MarketplaceOrder.seller_digest == seller_of(work, desk.ring),
            )
        )
    if found is None:
        raise NotFound("There is no such subscription.")
    return found


def seller_behind(work: UnitOfWork, subscription_id: uuid.UUID) -> bytes | None:
    """Which marketplace sold a subscription; `work` is bound to the installation."""
    found: bytes | None = work.session.scalar(
        select(MarketplaceOrder.seller_digest).where(
            MarketplaceOrder.subscription_id == subscription_id,
            MarketplaceOrder.method == PROVISION,
        )
    )
    return found


def _begin(
    work: UnitOfWork, order: Order, names: _Names, subscription_id: uuid.UUID
) -> MarketplaceOrder:
    row = work.session.get(MarketplaceOrder, (work.tenant_id, names.order))
    if row is None:
        row = MarketplaceOrder(
            tenant_id=work.tenant_id,
            order_digest=names.order,
            seller_digest=names.seller,
            payload_digest=names.content,
            method=order.method,
            subscription_id=subscription_id,
            created_at=work.now,
        )
        work.session.add(row)
        work.session.flush()
    elif not hmac.compare_digest(row.payload_digest, names.content) or row.method != order.method:
        raise OrderReused
    return row


def _passes(error: SiltaError) -> bool:
    """Too much at once is no answer to the order: part of it may be done (its tenant, its
    subscription), and a repetition has to find that under the same ids."""
    return error.status == HTTPStatus.TOO_MANY_REQUESTS


def _finish(work: UnitOfWork, name: bytes, done: Done) -> None:
    row = work.session.get_one(MarketplaceOrder, (work.tenant_id, name))
    row.answer, row.member_tenant_id, row.done_at = done.answer, done.member_tenant_id, work.now


def _forget(desk: Desk, actor: Actor, name: bytes) -> None:
    with desk.installation(actor) as work:
        work.session.execute(
            delete(MarketplaceOrder).where(
                MarketplaceOrder.order_digest == name, MarketplaceOrder.done_at.is_(None)
            )
        )


@contextmanager
def _alone(engine: Engine, name: bytes) -> Iterator[None]:
    """Nobody else carries this order out meanwhile; the lock ends with its connection."""
    with engine.connect() as connection, connection.begin():
        number = int.from_bytes(name[:8], "big", signed=True)
        if not connection.execute(_LOCK, {"name": number}).scalar_one():
            raise OrderInProgress
        yield


def _digests(desk: Desk, actor: Actor, order: Order) -> _Names:
    """An id of one marketplace says nothing of another's order of the same id."""
    with desk.installation(actor) as work:
        index, seller = desk.ring.tenant_index(work, Index.CONTENT), seller_of(work, desk.ring)
    content = hashlib.sha256(order.method.encode() + b"\0" + order.payload).digest()
    name = index.digest(b"marketplace order\0" + seller + order.id.encode())
    return _Names(name, seller, index.digest(content))
