"""How long a tenant keeps its calls, where it chose fewer days than the profile allows."""

import uuid

from privacy.core.db.questions import Question
from privacy.core.db.work import UnitOfWork

_CHOSEN = "SELECT retention_days_calls AS days FROM tenants WHERE tenant_id = %s"


def days_chosen_by(tenant_id: uuid.UUID) -> Question:
    """What `chosen_call_days` asks in a unit of work of this tenant."""
    return Question(_CHOSEN, (tenant_id,))


def chosen_call_days(work: UnitOfWork) -> int | None:
    """The bound tenant's own number of days, or None where the profile's number holds."""
    for found in work.ask(days_chosen_by(work.tenant_id)):
        chosen: int | None = found.days
        return chosen
    return None
