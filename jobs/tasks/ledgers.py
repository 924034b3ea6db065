"""ledger.verify and ledger.verify_own: every chain each night, or one when somebody asks."""

from jobs.contexts import TaskContext
from privacy.core.errors import Gone
from privacy.core.logs import get_log
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.ledger.verify import verify_all, verify_one

_log = get_log("worker")


class LedgerBroken(Gone):
    """A chain does not verify. Trying again mends nothing: the job ends, and its reason shows."""

    code = "ledger_broken"


def verify(context: TaskContext) -> None:
    """Verify all chains; no payload. Raises LedgerBroken."""
    house = context.house
    broken = links = 0
    engines = house.engines
    for report in verify_all(engines.sequencer, house.identity, house.anchors, app=engines.app):
        links += report.links
        broken += bool(report.findings)
        for finding in report.findings:
            _log.error("ledger", tenant_id=report.tenant_id, code=finding.problem.value)
    with context.work() as work:
        record(work, Event.LEDGER_VERIFIED, facts={"links": links, "broken": broken})
    if broken:
        raise LedgerBroken


def verify_own(context: TaskContext) -> None:
    """Verify the chain of the job's tenant; no payload. The outcome is an event of that chain."""
    house = context.house
    report = verify_one(
        house.engines.sequencer,
        house.identity,
        house.anchors,
        tenant_id=context.tenant_id,
        app=house.engines.app,
    )
    first = {"problem": report.first.problem.value} if report.first else {}
    facts: dict[str, str | int | bool] = {"links": report.links, "intact": report.intact}
    with context.work() as work:
        record(work, Event.LEDGER_VERIFIED, facts=facts | first)
