"""outgoing.send: add one customer or invoice in a connected system, exactly once."""

from connector.outgoing.send import send_document
from connector.syncs.locks import Busy
from jobs.contexts import TaskContext
from jobs.tasks.syncs import station_of
from privacy.core.logs import get_log

_log = get_log("worker")


def send(context: TaskContext) -> None:
    """Payload: document_id."""
    try:
        send_document(station_of(context), document_id=context.id_of("document_id"))
    except Busy:
        _log.info("sent already", job_id=context.job_id, tenant_id=context.tenant_id)
