"""Which services a tenant has: whose profiles hold for it."""

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from tenants.tenants.models import Tenant


def subscribed_services(work: UnitOfWork) -> tuple[str, ...]:
    """Keys of the bound tenant's services, in the order of the alphabet."""
    found = work.session.scalar(select(Tenant.services))
    return tuple(sorted(found or ()))


def meant_services(work: UnitOfWork, service: str | None) -> tuple[str, ...]:
    """The one that is named, or all. Raises Invalid for one that the tenant has not."""
    services = subscribed_services(work)
    if service is None:
        return services
    if service not in services:
        raise Invalid(fields={"service": "Your organisation has no such service."})
    return (service,)


def meant_service(work: UnitOfWork, service: str | None) -> str:
    """The one that is named, or the only one. Raises Invalid."""
    found = meant_services(work, service)
    if len(found) != 1:
        raise Invalid(fields={"service": "Say which service it is for."})
    return found[0]
