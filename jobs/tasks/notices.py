"""notices.publish and notice.announce: what the profiles say is published, and changes are told."""

from connector.notices.announce import announce_notice
from connector.notices.publish import publish_notices
from jobs.contexts import TaskContext
from jobs.tasks.rounds import go_round
from privacy.core.db.work import UnitOfWork


def publish(context: TaskContext) -> None:
    """Every tenant's notices, where a release or a setting changed what they say; no payload."""
    vault = context.house.vault

    def publish_all(work: UnitOfWork) -> object:
        return publish_notices(work, vault)

    go_round(context, publish_all)


def announce(context: TaskContext) -> None:
    """Payload: service, number."""
    announce_notice(
        context.house.desk,
        tenant_id=context.tenant_id,
        actor=context.actor,
        service=str(context.payload["service"]),
        number=int(context.payload["number"]),
    )
