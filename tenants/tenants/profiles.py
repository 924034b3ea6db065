"""The profile that counts for a tenant: the service's, its own changes, and its own settings.

Two of the things that a tenant can promise beyond the service stand in its own row, because
every request asks for them: that everybody has a second factor, and how long calls are kept.
"""

from privacy.core.db.work import UnitOfWork
from privacy.profiles import profile
from privacy.profiles.changes import Changes
from privacy.profiles.derived import apply, stored_changes
from privacy.profiles.model import Profile
from privacy.retention.rules import CALLS
from tenants.tenants.models import Tenant
from tenants.tenants.views import get_tenant


def profile_of(work: UnitOfWork, service: str) -> Profile:
    """The bound tenant's profile of a service, whole: what its notice is rendered from.

    Raises:
        Misconfigured: there is no such service. NotFound: there is no such tenant.
    """
    return apply(profile(service), changes_of(work, service))


def changes_of(work: UnitOfWork, service: str) -> Changes:
    """Everything in which the bound tenant is stricter than the service."""
    return _with_settings(stored_changes(work, service), get_tenant(work), service)


def profiles_of(work: UnitOfWork) -> list[Profile]:
    """The profiles of the services that the bound tenant has, in their order."""
    return [profile_of(work, key) for key in get_tenant(work).services]


def _with_settings(changes: Changes, tenant: Tenant, service: str) -> Changes:
    more: dict[str, object] = {}
    if tenant.mfa_required:
        more["mfa"] = "mandatory"
    if tenant.retention_days_calls is not None and service == CALLS.service:
        more["days"] = {**changes.days, CALLS.data: tenant.retention_days_calls}
    return changes.model_copy(update=more) if more else changes
