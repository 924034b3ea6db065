"""The end of subscriptions whose time for an export is over (promise B4), whoever ended them.

The last subscription of a tenant takes everything with it: keys first, for they are what makes
the data unreadable, then the rows. Each step looks at what is there, so that a killed run is
finished by the next one. Where other subscriptions stay, the service's accounts end and the
tenant loses the service; what it left behind stays to the operator, and the ledger says so.
"""

import uuid
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Final

from sqlalchemy import Engine, MetaData, Table, delete, select

from connector.accounts.change import delete_account
from connector.accounts.models import ConnectorAccount
from connector.exports.schedules import offer_export
from connector.marketplace.announce import Change, announce_change
from connector.marketplace.customers import customer_tenants, end_customer
from connector.marketplace.models import ServiceSubscription
from connector.marketplace.notices import notify_end
from connector.marketplace.subscriptions import list_subscriptions, move_subscription
from connector.marketplace.turns import turn_with
from privacy.core.db.work import Actor, UnitOfWork, unit_of_work
from privacy.core.errors import Unavailable
from privacy.core.logs import get_log
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from privacy.ledger.encoding import Fact
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.destructions import destroy_tenant
from privacy.vault.errors import NoKey
from tenants.desks import Desk
from tenants.memberships.models import Membership, UserTenant
from tenants.tenants.list import tenant_ids
from tenants.tenants.models import TenantListing
from tenants.tenants.views import get_tenant
from tenants.users.models import User

_log = get_log("marketplace")

REMINDED: Final = timedelta(days=7)

KEPT: Final = frozenset(
    {
        "ledger_events",
        "ledger_links",
        "ledger_pending",
        "ledger_heads",
        "key_ring",
        "key_destructions",
        "key_floors",
        "outbox_jobs",
        "service_subscriptions",
        "tenant_directory",
    }
)
"""What proves or carries out the end: ledger, register of destroyed keys, jobs, and the
subscriptions themselves, which say when. Of people the ledger alone has anything: random ids,
which lead nowhere once their rows are gone."""


class EndingsIncomplete(Unavailable):
    """Some tenants' ends failed; the next attempt goes on with them."""

    code = "endings_incomplete"


def run_endings(
    desk: Desk, *, actor: Actor, keeper: Engine, owner: Engine, metadata: MetaData
) -> int:
    """Remind, end what is due, destroy. Returns how many tenants were destroyed.

    Raises:
        EndingsIncomplete: it failed for some; the others had their turn.
    """
    with desk.installation(actor) as work:
        tenants = sorted({*customer_tenants(work), *tenant_ids(work)})
    destroyed = failed = 0
    for tenant_id in tenants:
        try:
            destroyed += _visit(desk, actor, keeper, owner, metadata, tenant_id)
        except Exception as error:  # noqa: BLE001 - one that fails spares the others
            code = type(error).__name__
            _log.error("ending failed", tenant_id=tenant_id, code=code, exc_info=True)
            failed += 1
    if failed:
        raise EndingsIncomplete
    return destroyed


def _visit(
    desk: Desk, actor: Actor, keeper: Engine, owner: Engine, metadata: MetaData, tenant: uuid.UUID
) -> bool:
    if not any(_look(desk, actor, tenant)):
        return False
    with turn_with(desk, tenant):
        return _carry_out(desk, actor, keeper, owner, metadata, tenant)


def _look(desk: Desk, actor: Actor, tenant: uuid.UUID) -> tuple[list[uuid.UUID], bool]:
    """Which subscriptions are to end now, and whether nothing is left then. Reminds, too."""
    with desk.tenant(tenant, actor) as work:
        rows = list_subscriptions(work)
        for row in rows:
            _remind(work, row)
        due = [row.id for row in rows if row.state == "ending" and _is_over(work, row)]
        over = bool(rows) and all(row.state == "ended" or row.id in due for row in rows)
    return due, over


def _carry_out(
    desk: Desk, actor: Actor, keeper: Engine, owner: Engine, metadata: MetaData, tenant: uuid.UUID
) -> bool:
    """What is true now that nobody can order anything meanwhile."""
    due, over = _look(desk, actor, tenant)
    for subscription_id in due:
        # Without keys it ended before, and a restored database knows of it again: all were told.
        with suppress(NoKey):
            notify_end(
                desk, tenant_id=tenant, actor=actor, subscription_id=subscription_id, what="ended"
            )
        with desk.tenant(tenant, actor) as work:
            _end(work, subscription_id, last=over)
    if over:
        destroy_everything(desk, actor=actor, keeper=keeper, owner=owner, metadata=metadata,
                           tenant_id=tenant)  # fmt: skip
    return over


def destroy_everything(
    desk: Desk,
    *,
    actor: Actor,
    keeper: Engine,
    owner: Engine,
    metadata: MetaData,
    tenant_id: uuid.UUID,
) -> None:
    """Destroy a tenant: keys, rows, people who belonged nowhere else, its place in the list."""
    with desk.tenant(tenant_id, actor) as work:
        people = list(work.session.scalars(select(Membership.user_id)))
    with keeper.begin() as connection:
        keys = destroy_tenant(connection, tenant_id=tenant_id)
    with desk.installation(actor) as work:
        _forget_people(work, people, tenant_id)
    rows = _delete_rows(owner, actor, tenant_id, metadata)
    with desk.tenant(tenant_id, actor) as work:
        facts: dict[str, Fact] = {"keys": keys, "rows": rows}
        record(work, Event.TENANT_DESTROYED, subject=tenant_id, facts=facts)
    with desk.installation(actor) as work:
        work.session.execute(
            delete(TenantListing).where(TenantListing.member_tenant_id == tenant_id)
        )
        end_customer(work, member_tenant_id=tenant_id)


def _remind(work: UnitOfWork, row: ServiceSubscription) -> None:
    if row.state != "ending" or row.ends_at is None or row.reminded_at is not None:
        return
    if work.now >= row.ends_at - REMINDED:
        row.reminded_at = work.now
        offer_export(work)
        payload = {"subscription_id": str(row.id), "what": "ending"}
        enqueue(work, name=JobName.SUBSCRIPTION_NOTICE, payload=payload)


def _is_over(work: UnitOfWork, row: ServiceSubscription) -> bool:
    return row.ends_at is not None and work.now >= row.ends_at


def _end(work: UnitOfWork, subscription_id: uuid.UUID, *, last: bool) -> None:
    row = work.session.get_one(
        ServiceSubscription, (work.tenant_id, subscription_id), with_for_update=True
    )
    if row.state == "ended":
        return
    move_subscription(work, row, "ended")
    shared = any(
        other.service == row.service and other.state != "ended"
        for other in list_subscriptions(work)
    )
    if not last and not shared:
        _end_service(work, row.service)
    announce_change(work, subscription_id=row.id, change=Change.ENDED)
    facts: dict[str, Fact] = {
        "service": row.service,
        "destroyed": last,
        "left_to_operator": not (last or shared),
    }
    record(work, Event.SUBSCRIPTION_ENDED, subject=row.id, facts=facts)


def _end_service(work: UnitOfWork, service: str) -> None:
    query = select(ConnectorAccount.id).where(
        ConnectorAccount.service == service, ConnectorAccount.deleted_at.is_(None)
    )
    for account_id in work.session.scalars(query).all():
        delete_account(work, account_id=account_id)
    tenant = get_tenant(work, lock=True)
    tenant.services = [one for one in tenant.services if one != service]


def _delete_rows(owner: Engine, actor: Actor, tenant_id: uuid.UUID, metadata: MetaData) -> int:
    """As the owner, who may delete everywhere; row-level security lets it see this tenant only."""
    gone = 0
    with unit_of_work(owner, tenant_id=tenant_id, actor=actor) as work:
        for table in doomed_tables(metadata):
            statement = delete(table).where(table.c.tenant_id == tenant_id)
            gone += work.connection.execute(statement).rowcount
    return gone


def doomed_tables(metadata: MetaData) -> list[Table]:
    """Tables that end with a tenant, those that refer to others first."""
    return [
        table
        for table in reversed(metadata.sorted_tables)
        if "tenant_id" in table.c and table.name not in KEPT
    ]


def _forget_people(work: UnitOfWork, people: Sequence[uuid.UUID], tenant_id: uuid.UUID) -> None:
    """Whoever belongs to another tenant, or runs the installation, stays."""
    work.session.execute(
        delete(UserTenant).where(
            UserTenant.user_id.in_(people), UserTenant.member_tenant_id == tenant_id
        )
    )
    elsewhere = set(
        work.session.scalars(select(UserTenant.user_id).where(UserTenant.user_id.in_(people)))
    )
    elsewhere |= set(
        work.session.scalars(select(Membership.user_id).where(Membership.user_id.in_(people)))
    )
    gone = [one for one in people if one not in elsewhere]
    work.session.execute(delete(User).where(User.id.in_(gone)))
