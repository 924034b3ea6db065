"""How long a tenant keeps its calls, where it chose fewer days than the profile allows."""

from sqlalchemy import text

from privacy.core.db.work import UnitOfWork

_CHOSEN = text("SELECT retention_days_calls FROM tenants WHERE tenant_id = :tenant")


def chosen_call_days(work: UnitOfWork) -> int | None:
    """The bound tenant's own number of days, or None where the profile's number holds."""
    chosen: int | None = work.connection.execute(_CHOSEN, {"tenant": work.tenant_id}).scalar()
    return chosen
