"""breach.controllers, breach.users and breaches.due: whoever must know of a loss is told."""

from collections import Counter

from connector.breaches.controllers import tell_controllers
from connector.breaches.due import remind_of_breaches
from connector.breaches.users import tell_users
from jobs.contexts import TaskContext
from jobs.tasks.rounds import all_tenants
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.promises.figures import FigureName, put_figures


def controllers(context: TaskContext) -> None:
    """Payload: breach_id, of the installation's register."""
    breach_id = context.id_of("breach_id")
    tell_controllers(context.house.desk, actor=context.actor, breach_id=breach_id)


def users(context: TaskContext) -> None:
    """Payload: breach_id, of the job's tenant."""
    tell_users(
        context.house.desk,
        actor=context.actor,
        tenant_id=context.tenant_id,
        breach_id=context.id_of("breach_id"),
    )


def remind(context: TaskContext) -> None:
    """Look at every tenant's clocks; no payload."""
    counted: Counter[str] = Counter({"due": 0, "overdue": 0})
    for tenant_id in all_tenants(context.house):
        counted += remind_of_breaches(context.house.desk, actor=context.actor, tenant_id=tenant_id)
    with context.work_of(INSTALLATION_ID) as work:
        shown = {state: float(counted[state]) for state in ("due", "overdue")}
        put_figures(work, FigureName.BREACH_CLOCKS, shown)
