"""The tenants' own, stricter retentions, for those who sweep."""

from collections.abc import Iterator

from privacy.core.db.work import SYSTEM
from privacy.profiles.derived import changed_profiles
from privacy.retention.rules import CALLS, Shorter
from tenants.desks import Desk
from tenants.tenants.keeping import chosen_call_days
from tenants.tenants.list import tenant_ids


def shorter_retentions(desk: Desk) -> list[Shorter]:
    """Every tenant's choice to keep something for fewer days than the services' profiles say."""
    return list(_choices(desk))


def _choices(desk: Desk) -> Iterator[Shorter]:
    with desk.installation(SYSTEM) as work:
        tenants = tenant_ids(work)
    for tenant_id in tenants:
        with desk.tenant(tenant_id, SYSTEM) as work:
            days, changes = chosen_call_days(work), changed_profiles(work)
        if days is not None:
            yield Shorter(tenant_id, CALLS.service, CALLS.data, days)
        for service, changed in changes.items():
            for data, keep in changed.days.items():
                yield Shorter(tenant_id, service, data, keep)
