"""Provision: the customer's tenant, its subscription, an account draft, the owner's invitation."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from connector.marketplace.customers import tenant_of_customer
from connector.marketplace.drafts import draft_ordered
from connector.marketplace.models import ServiceSubscription
from connector.marketplace.orders import PROVISION, Answer, Done, Order, run_order
from connector.marketplace.parameters import check_parameters, check_service
from connector.marketplace.settings import apply_parameters
from connector.marketplace.standing import tenant_following
from connector.marketplace.subscriptions import SubscriptionView, view_subscription
from connector.marketplace.turns import CustomerBusy, refuse_while_ending, turn_with
from privacy.core.db.work import Actor, UnitOfWork
from privacy.core.errors import Conflict
from privacy.ledger.events import Event
from privacy.ledger.record import record
from tenants.desks import Desk
from tenants.emails import checked
from tenants.invitations.invite import invite
from tenants.memberships.models import Membership
from tenants.permissions import Role
from tenants.principals import Principal, PrincipalKind
from tenants.tenants.create import create_tenant
from tenants.tenants.views import get_tenant


@dataclass(frozen=True, slots=True)
class Wish:
    """What is ordered. Name and address of the customer do not print."""

    service: str
    customer_id: str = field(repr=False)
    customer_name: str = field(repr=False)
    owner_email: str = field(repr=False)
    language: str = "en"
    parameters: Mapping[str, Any] = field(default_factory=dict)


def provision(
    desk: Desk,
    *,
    principal: Principal,
    order_id: str,
    payload: bytes,
    wish: Wish,
    encode: Callable[[SubscriptionView], bytes],
) -> Answer:
    """Carry out a first order of a service.

    A customer who has a tenant keeps it. The owner is invited where the tenant has no owner yet.

    Raises:
        Invalid: an unknown service, a parameter or an address that is none.
        OrderReused, OrderInProgress.
        CustomerBusy: it is to be sent again; nothing is done twice then.
    """
    check_service(wish.service)
    parameters = check_parameters(wish.service, wish.parameters)
    address = checked(wish.owner_email)
    actor = principal.actor

    def effect(subscription_id: uuid.UUID) -> Done:
        with _customers_turn(desk, actor, wish.customer_id) as tenant_id:
            create_tenant(
                desk,
                name=wish.customer_name,
                services=(wish.service,),
                actor=actor,
                tenant_id=tenant_id,
            )
            with desk.tenant(tenant_id, actor) as work, tenant_following(work):
                view = _subscribe(work, subscription_id, wish.service, parameters)
            _invite_owner(desk, actor, tenant_id, address, wish.language)
        return Done(encode(view), tenant_id)

    order = Order(order_id, PROVISION, payload)
    return run_order(desk, actor=actor, order=order, effect=effect)


@contextmanager
def _customers_turn(desk: Desk, actor: Actor, customer_id: str) -> Iterator[uuid.UUID]:
    """The customer's tenant, which nobody ends meanwhile. Raises CustomerBusy."""
    tenant_id = _tenant_now(desk, actor, customer_id)
    with turn_with(desk, tenant_id):
        if _tenant_now(desk, actor, customer_id) != tenant_id:
            raise CustomerBusy
        with desk.tenant(tenant_id, actor) as work:
            refuse_while_ending(work)
        yield tenant_id


def _tenant_now(desk: Desk, actor: Actor, customer_id: str) -> uuid.UUID:
    with desk.installation(actor) as work:
        return tenant_of_customer(work, desk.ring, customer_id=customer_id)


def _subscribe(
    work: UnitOfWork, subscription_id: uuid.UUID, service: str, parameters: Mapping[str, Any]
) -> SubscriptionView:
    tenant = get_tenant(work, lock=True)
    row = work.session.get(ServiceSubscription, (work.tenant_id, subscription_id))
    if row is not None:
        return view_subscription(row)
    tenant.services = sorted({*tenant.services, service})
    apply_parameters(work, parameters)
    row = ServiceSubscription(
        tenant_id=work.tenant_id,
        id=subscription_id,
        service=service,
        state="active",
        parameters=dict(parameters),
        account_id=draft_ordered(
            work, service=service, name=str(subscription_id), parameters=parameters
        ),
        created_at=work.now,
        state_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    facts = {"service": service}
    record(work, Event.SUBSCRIPTION_PROVISIONED, subject=subscription_id, facts=facts)
    return view_subscription(row)


def _invite_owner(
    desk: Desk, actor: Actor, tenant_id: uuid.UUID, address: str, language: str
) -> None:
    """Whoever runs the tenant already is not outvoted by an order."""
    with desk.tenant(tenant_id, actor) as work:
        owner = select(Membership.user_id).where(Membership.role == Role.OWNER.value).limit(1)
        if work.session.scalar(owner) is not None:
            return
    inviter = Principal(PrincipalKind.USER, tenant_id, actor.id, role=Role.OWNER.value)
    try:
        invite(desk, principal=inviter, email=address, role=Role.OWNER, language=language)
    except Conflict:
        return  # a member, or invited at this very moment
