"""Change a tenant's settings, and its state."""

import uuid
from typing import Literal

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict, Invalid, NotFound
from privacy.core.writings import is_name
from privacy.ledger.encoding import Fact
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.profiles.retention import check_choice
from privacy.vault.keyring import Keyring
from tenants.desks import Desk
from tenants.principals import Principal
from tenants.sealed_fields import TENANT_NAME
from tenants.tenants.models import TenantListing
from tenants.tenants.second_factors import services_require_mfa
from tenants.tenants.views import get_tenant


def rename_tenant(ring: Keyring, work: UnitOfWork, *, name: str) -> None:
    """Give `work`'s tenant another name. Raises Invalid."""
    if not is_name(name, longest=120):
        raise Invalid(fields={"name": "Give a name of at most 120 characters."})
    row = get_tenant(work, lock=True)
    row.name_version += 1
    row.name_sealed = TENANT_NAME.seal(
        ring, work, work.tenant_id, name.strip(), version=row.name_version
    )
    record(work, Event.TENANT_CHANGED, subject=work.tenant_id, facts={"what": "name"})


def require_second_factor(work: UnitOfWork, *, required: bool) -> None:
    """Whether everybody in `work`'s tenant must have a second factor; it holds at the next request.

    Raises:
        Conflict: the service's profile requires it (promise F3).
    """
    row = get_tenant(work, lock=True)
    if not required and services_require_mfa(row.services):
        raise Conflict("The service requires a second factor.", code="profile_requires")
    row.mfa_required = required
    facts: dict[str, Fact] = {"required": required}
    record(work, Event.MFA_REQUIRED, subject=work.tenant_id, facts=facts)


def publish_statistics(work: UnitOfWork, *, published: bool) -> None:
    """Whether `work`'s tenant shows counts of its calls in its privacy centre (promise B5)."""
    get_tenant(work, lock=True).publishes_statistics = published
    facts: dict[str, Fact] = {"what": "statistics", "published": published}
    record(work, Event.TENANT_CHANGED, subject=work.tenant_id, facts=facts)


def shorten_retention(work: UnitOfWork, *, days: int | None, longest: int) -> None:
    """Keep calls for fewer days than the profile's `longest`; None is the profile's number.

    Lengthening holds for days to come only: a destroyed key does not come back.

    Raises:
        Invalid: below one day, or more than the profile allows.
    """
    row = get_tenant(work, lock=True)
    row.retention_days_calls = check_choice(longest, days)
    facts: dict[str, Fact] = {"days": days or longest}
    record(work, Event.RETENTION_CHANGED, subject=work.tenant_id, facts=facts)


def set_tenant_state(
    desk: Desk,
    *,
    principal: Principal,
    tenant_id: uuid.UUID,
    state: Literal["active", "suspended"],
) -> None:
    """Suspend a tenant or resume it, as an operator. Its people and keys are refused at once.

    Raises:
        NotFound: no such tenant. Conflict: it is terminated.
    """
    with desk.installation(principal.actor) as work:
        listed = work.session.scalar(
            select(TenantListing).where(TenantListing.member_tenant_id == tenant_id)
        )
    if listed is None:
        raise NotFound
    with desk.tenant(tenant_id, principal.actor) as work:
        move_tenant(work, state=state)


def move_tenant(work: UnitOfWork, *, state: Literal["active", "suspended"]) -> None:
    """Give `work`'s own tenant a state; the same again changes nothing.

    Raises:
        Conflict: it is terminated.
    """
    row = get_tenant(work, lock=True)
    if row.state == "terminated":
        raise Conflict("This tenant is terminated.", code="tenant_terminated")
    if row.state == state:
        return
    row.state = state
    event = Event.TENANT_RESUMED if state == "active" else Event.TENANT_SUSPENDED
    record(work, event, subject=work.tenant_id)
