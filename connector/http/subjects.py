"""What views of requests share: the tenant's clerk."""

from connector.subjects.registry import clerk_of
from privacy.core.db.work import UnitOfWork
from privacy.subjects.clerks import Clerk
from tenants.http.services import services


def clerk(work: UnitOfWork) -> Clerk:
    """The clerk of the unit of work's tenant."""
    sending = services().settings.smtp_url is not None
    return clerk_of(work, services().vault, sending=sending)
