"""sync.due, sync.run, accounts.probe and account.test: systems that are asked."""

from connector.calls.quiet import degrade_quiet
from connector.outbound.trust import outbound_trust
from connector.outgoing.find_waiting import enqueue_waiting
from connector.syncs.find_due import enqueue_due_streams, enqueue_probes
from connector.syncs.locks import Busy
from connector.syncs.run_account import run_account
from connector.syncs.stations import Station
from connector.syncs.try_account import AccountPaused, try_account
from jobs.contexts import TaskContext
from jobs.tasks.rounds import go_round
from privacy.core.errors import NotFound
from privacy.core.logs import get_log

_log = get_log("worker")


def station_of(context: TaskContext) -> Station:
    """The job's tenant, as the engine wants it."""
    house = context.house
    return Station(
        house.engines.app,
        house.vault,
        context.tenant_id,
        context.actor,
        loopback=house.settings.outbound_loopback,
        outbound=outbound_trust(house.settings),
    )


def find_due(context: TaskContext) -> None:
    """Add jobs for streams that are due and documents that wait, of every tenant; no payload."""
    go_round(context, enqueue_due_streams, enqueue_waiting)


def run(context: TaskContext) -> None:
    """Payload: account_id. Reads what is due; nothing where somebody reads already."""
    try:
        run_account(station_of(context), account_id=context.id_of("account_id"))
    except Busy:
        _log.info("read already", job_id=context.job_id, tenant_id=context.tenant_id)
    except NotFound:
        _log.info("disconnected meanwhile", job_id=context.job_id, tenant_id=context.tenant_id)


def probe(context: TaskContext) -> None:
    """Add tests of systems of every tenant that have not been asked for long, and look which of
    those that post are silent; no payload."""
    go_round(context, enqueue_probes, degrade_quiet)


def test(context: TaskContext) -> None:
    """Payload: account_id. What comes of it is the account's to say."""
    try:
        try_account(station_of(context), account_id=context.id_of("account_id"), asked=False)
    except AccountPaused:
        _log.info("paused meanwhile", job_id=context.job_id, tenant_id=context.tenant_id)
