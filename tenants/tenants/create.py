"""Make a tenant."""

import uuid
from collections.abc import Collection

from sqlalchemy.dialects.postgresql import insert

from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM, Actor, UnitOfWork
from privacy.core.errors import Invalid
from privacy.core.ids import new_id
from privacy.core.writings import is_name
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.creations import create_tenant_keys
from tenants.desks import Desk
from tenants.invitations.invite import invite
from tenants.permissions import Role
from tenants.principals import Principal, PrincipalKind
from tenants.sealed_fields import TENANT_NAME
from tenants.tenants.models import Tenant, TenantListing

SERVICES = ("N", "M", "T", "C", "V")
_LONGEST_NAME = 120


def create_tenant(
    desk: Desk,
    *,
    name: str,
    services: Collection[str],
    actor: Actor = SYSTEM,
    owner_email: str | None = None,
    mfa_required: bool = False,
    retention_days_calls: int | None = None,
    tenant_id: uuid.UUID | None = None,
    language: str = "en",
) -> uuid.UUID:
    """A tenant with keys, its row, its place in the operator's list, and an invited owner.

    In this order, each in a transaction of its own: list, keys, row, invitation. Repeated with
    the same `tenant_id` after a crash it does the rest; what exists stays as it is.

    Raises:
        Invalid: no name, or a service that nobody offers.
    """
    _check(name, services, retention_days_calls)
    tenant_id = tenant_id or new_id()
    with desk.installation(actor) as work:
        _list(work, tenant_id)
    create_tenant_keys(desk.engine, desk.custody, tenant_id)
    with desk.tenant(tenant_id, actor) as work:
        _write(desk, work, name, services, mfa_required, retention_days_calls)
    if owner_email is not None:
        inviter = Principal(PrincipalKind.USER, tenant_id, actor.id, role=Role.OWNER.value)
        invite(desk, principal=inviter, email=owner_email, role=Role.OWNER, language=language)
    return tenant_id


def ensure_installation(desk: Desk, *, name: str = "Silta", mfa_required: bool = True) -> bool:
    """The installation's own row, so that operators sign in like everybody. Harmless repeated.

    Its keys were made when the key ring was founded. Returns whether it was made now.
    """
    with desk.tenant(INSTALLATION_ID, SYSTEM) as work:
        return _write(desk, work, name, (), mfa_required, None)


def _list(work: UnitOfWork, tenant_id: uuid.UUID) -> None:
    row = {"tenant_id": work.tenant_id, "member_tenant_id": tenant_id, "created_at": work.now}
    work.connection.execute(insert(TenantListing).values(row).on_conflict_do_nothing())


def _write(
    desk: Desk,
    work: UnitOfWork,
    name: str,
    services: Collection[str],
    mfa_required: bool,
    retention_days_calls: int | None,
) -> bool:
    row = {
        "tenant_id": work.tenant_id,
        "name_sealed": TENANT_NAME.seal(desk.ring, work, work.tenant_id, name.strip(), version=1),
        "name_version": 1,
        "services": sorted(services),
        "state": "active",
        "mfa_required": mfa_required,
        "retention_days_calls": retention_days_calls,
        "created_at": work.now,
    }
    made = work.connection.execute(insert(Tenant).values(row).on_conflict_do_nothing())
    if made.rowcount == 1:
        record(work, Event.TENANT_CREATED, subject=work.tenant_id)
    return made.rowcount == 1


def _check(name: str, services: Collection[str], days: int | None) -> None:
    fields = {}
    if not is_name(name, longest=_LONGEST_NAME):
        fields["name"] = f"Give a name of at most {_LONGEST_NAME} characters."
    if not services or not set(services) <= set(SERVICES):
        fields["services"] = f"Choose among {', '.join(SERVICES)}."
    if days is not None and days < 1:
        fields["retention_days_calls"] = "Keep calls for at least one day."
    if fields:
        raise Invalid(fields=fields)
