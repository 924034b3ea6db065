"""processor.announce: a new sub-processor is announced to every organisation concerned."""

from connector.processors.announce import announce_to_tenants
from jobs.contexts import TaskContext
from jobs.tasks.rounds import all_tenants
from privacy.core.db.tenancy import INSTALLATION_ID


def announce(context: TaskContext) -> None:
    """Payload: processor_id, of the installation's register."""
    tenants = [one for one in all_tenants(context.house) if one != INSTALLATION_ID]
    announce_to_tenants(
        context.house.desk,
        actor=context.actor,
        processor_id=context.id_of("processor_id"),
        tenants=tenants,
    )
