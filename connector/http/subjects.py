"""What views of requests share: the tenant's clerk, and the installation's."""

from connector.subjects.bundles import front_clerk
from connector.subjects.registry import clerk_of
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import UnitOfWork
from privacy.subjects.clerks import Clerk
from tenants.http.services import services


def clerk_at(work: UnitOfWork, service: str | None = None) -> Clerk:
    """The clerk of the unit of work's tenant, or that of the installation, for people who know
    no tenant.

    Args:
        service: whose name its letters bear; None: that of every service's controller.
    """
    if work.tenant_id != INSTALLATION_ID:
        return clerk_of(work, services().vault, sending=_sending())
    vault = services().vault
    return front_clerk(work, vault, service=service, sending=_sending(), names={})


def clerk(work: UnitOfWork) -> Clerk:
    """Of whoever asks: an organisation's people, or the installation's."""
    return clerk_at(work)


def _sending() -> bool:
    return services().settings.smtp_url is not None
