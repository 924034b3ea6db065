"""subject.run, subjects.due, erasures.export: requests are carried out, in time, for good."""

from connector.subjects.due import tell_due
from connector.subjects.registry import clerk_of
from jobs.contexts import TaskContext
from jobs.tasks.rounds import go_round
from privacy.erasures.export import export_all
from privacy.erasures.journals import open_journal
from privacy.subjects.run import run_request


def run(context: TaskContext) -> None:
    """Payload: request_id. Killed, it is simply run again."""
    house = context.house
    with context.work() as work:
        clerk = clerk_of(work, house.vault, sending=house.settings.smtp_url is not None)
    run_request(context.work, clerk, house.signer, request_id=context.id_of("request_id"))


def tell(context: TaskContext) -> None:
    """Tell every tenant of limits that come near; no payload."""
    go_round(context, tell_due)


def export(context: TaskContext) -> None:
    """Take what was erased to escrow; no payload."""
    journal = open_journal(context.house.custody)
    with context.work() as work:
        export_all(work, journal)
