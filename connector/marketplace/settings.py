"""What parameters of a subscription do in the tenant."""

from collections.abc import Mapping
from typing import Any

from connector.calls.keeping import KIND, SERVICE
from privacy.core.db.work import UnitOfWork
from privacy.profiles import profile
from tenants.tenants.change import require_second_factor, shorten_retention
from tenants.tenants.views import get_tenant


def apply_parameters(work: UnitOfWork, parameters: Mapping[str, Any]) -> None:
    """Set what is given and differs. Raises Invalid, Conflict."""
    tenant = get_tenant(work, lock=True)
    days = parameters.get("retention_days")
    if days is not None and days != tenant.retention_days_calls:
        longest = profile(SERVICE).retention_days(KIND)
        shorten_retention(work, days=None if days == longest else days, longest=longest)
    required = parameters.get("require_second_factor")
    if required is not None and required != tenant.mfa_required:
        require_second_factor(work, required=required)
