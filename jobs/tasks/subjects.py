"""subject.run, subjects.due, erasures.export: requests are carried out, in time, for good."""

from collections import Counter
from typing import Final

from connector.subjects.bundles import front_clerk, spread_request
from connector.subjects.due import remind_of_requests
from connector.subjects.registry import clerk_of
from connector.subjects.unproven import end_unproven_requests
from jobs.contexts import TaskContext
from jobs.tasks.rounds import all_tenants
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.erasures.export import export_all
from privacy.erasures.journals import open_journal
from privacy.promises.figures import FigureName, put_figures
from privacy.subjects.clerks import get_request
from privacy.subjects.restricting import follow_restrictions
from privacy.subjects.run import run_request

_SHOWN: Final = ("due", "overdue", "unproven", "unidentified")


def run(context: TaskContext) -> None:
    """Payload: request_id. Killed, it is simply run again."""
    house, sending = context.house, context.house.settings.smtp_url is not None
    if context.tenant_id == INSTALLATION_ID:
        return _run_for_service(context, sending=sending)
    with context.work() as work:
        clerk = clerk_of(work, house.vault, sending=sending)
    request_id = context.id_of("request_id")
    return run_request(context.work, clerk, house.signer, request_id=request_id)


def _run_for_service(context: TaskContext, *, sending: bool) -> None:
    """To all tenants of a service: each is asked on its own, then it is answered."""
    house, request_id = context.house, context.id_of("request_id")
    names = spread_request(house.desk, actor=context.actor, request_id=request_id, sending=sending)
    with context.work() as work:
        row = get_request(work, request_id)
        service = None if row.every_service else row.service
        clerk = front_clerk(work, house.vault, service=service, sending=sending, names=names)
    run_request(context.work, clerk, house.signer, request_id=request_id)


def tell(context: TaskContext) -> None:
    """End what was never proven; tell every tenant of limits that come near; no payload."""
    house, counted = context.house, Counter(dict.fromkeys(_SHOWN, 0))
    sending = house.settings.smtp_url is not None
    link = f"{house.settings.public_url}/subject-requests"
    for tenant_id in all_tenants(house):
        counted += Counter(
            end_unproven_requests(
                house.desk, actor=context.actor, tenant_id=tenant_id, sending=sending
            )
        )
        counted += remind_of_requests(
            house.desk, actor=context.actor, tenant_id=tenant_id, link=link
        )
        if tenant_id == INSTALLATION_ID:
            continue
        with context.work_of(tenant_id) as work:
            follow_restrictions(work, clerk_of(work, house.vault, sending=False))
    with context.work_of(INSTALLATION_ID) as work:
        shown = {state: float(counted[state]) for state in _SHOWN}
        put_figures(work, FigureName.REQUESTS, shown)


def export(context: TaskContext) -> None:
    """Take what was erased to escrow; no payload."""
    journal = open_journal(context.house.custody)
    with context.work() as work:
        export_all(work, journal)
