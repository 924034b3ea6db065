"""subject.run, subjects.due, erasures.export: requests are carried out, in time, for good."""

from collections import Counter

from connector.subjects.due import remind_of_requests
from connector.subjects.registry import clerk_of
from jobs.contexts import TaskContext
from jobs.tasks.rounds import all_tenants
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.erasures.export import export_all
from privacy.erasures.journals import open_journal
from privacy.promises.figures import FigureName, put_figures
from privacy.subjects.restricting import follow_restrictions
from privacy.subjects.run import run_request


def run(context: TaskContext) -> None:
    """Payload: request_id. Killed, it is simply run again."""
    house = context.house
    with context.work() as work:
        clerk = clerk_of(work, house.vault, sending=house.settings.smtp_url is not None)
    run_request(context.work, clerk, house.signer, request_id=context.id_of("request_id"))


def tell(context: TaskContext) -> None:
    """Tell every tenant of limits that come near or are over; no payload."""
    house, counted = context.house, Counter({"due": 0, "overdue": 0})
    link = f"{house.settings.public_url}/subject-requests"
    for tenant_id in all_tenants(house):
        if tenant_id == INSTALLATION_ID:
            continue
        counted += remind_of_requests(
            house.desk, actor=context.actor, tenant_id=tenant_id, link=link
        )
        with context.work_of(tenant_id) as work:
            follow_restrictions(work, clerk_of(work, house.vault, sending=False))
    with context.work_of(INSTALLATION_ID) as work:
        shown = {state: float(counted[state]) for state in ("due", "overdue")}
        put_figures(work, FigureName.REQUESTS, shown)


def export(context: TaskContext) -> None:
    """Take what was erased to escrow; no payload."""
    journal = open_journal(context.house.custody)
    with context.work() as work:
        export_all(work, journal)
