"""watches.due, watch.keep and changes.read: systems that tell us of changes."""

from connector.watches.find_due import enqueue_due_watches
from connector.watches.keep import keep_watch
from connector.watches.read_changes import read_changes
from jobs.contexts import TaskContext
from jobs.tasks.rounds import go_round
from jobs.tasks.syncs import station_of


def find_due(context: TaskContext) -> None:
    """Add jobs for subscriptions that are missing, end soon or are left over; no payload."""
    go_round(context, enqueue_due_watches)


def keep(context: TaskContext) -> None:
    """Payload: account_id, and `renewed` where the other side asked for it."""
    keep_watch(
        station_of(context),
        account_id=context.id_of("account_id"),
        public_url=context.house.settings.public_url,
        renewed=context.payload.get("renewed") is True,
    )


def read(context: TaskContext) -> None:
    """Payload: account_id. Comes again while somebody else reads the account."""
    read_changes(station_of(context), account_id=context.id_of("account_id"))
