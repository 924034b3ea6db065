"""How long a tenant keeps its calls, where it chose fewer days than the profile allows."""

import uuid
from typing import NamedTuple

from privacy.core.db.questions import Question
from privacy.core.db.work import UnitOfWork

_CHOSEN = "SELECT retention_days_calls FROM tenants WHERE tenant_id = %s"


class Chosen(NamedTuple):
    """A tenant's choice."""

    call_days: int | None


def days_chosen_by(tenant_id: uuid.UUID) -> Question[Chosen]:
    """What `chosen_call_days` asks in a unit of work of this tenant."""
    return Question(Chosen, _CHOSEN, (tenant_id,))


def chosen_call_days(work: UnitOfWork) -> int | None:
    """The bound tenant's own number of days, or None where the profile's number holds."""
    chosen = work.ask(days_chosen_by(work.tenant_id))
    return chosen and chosen.call_days
