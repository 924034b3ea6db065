"""Peak memory of ingest and export: a large amount against a small one."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

from bench.contexts import Context
from bench.memories import peak_mib
from bench.results import Better, Goal, Result
from bench.samples import BATCH, Samples
from bench.sealed import Sealed
from bench.workers import Worker
from connector.accounts.refs import AccountRef
from connector.calls.export import export_calls
from connector.calls.exported import ExportForm
from connector.calls.queries import Query
from jobs.installation import open_installation
from privacy.core import clock
from privacy.core.db.work import SYSTEM, unit_of_work

_FLAT = Goal(1.25, 1.1, Better.LOWER)


def measure(context: Context) -> Iterator[Result]:
    """Each in a process of its own, which tells the most that it ever held."""
    site = context.site
    few, many = context.sizes.memory_records
    ingests = [
        _peak(make_ingest, site.account(site.tenant())[0], count // BATCH) for count in (few, many)
    ]
    yield _result(f"peak memory, ingest of {many:,}", ingests, few)
    exports = [_peak(make_export, context.stock, days) for days in (2, 30)]
    yield _result("peak memory, export of 30 days", exports, context.sizes.stock // 29)


def make_ingest(account: AccountRef) -> Callable[[int], float]:
    """In the process: that many batches; the peak in MiB."""
    sealed, samples = Sealed(open_installation(), account), Samples(13)

    def run(batches: int) -> float:
        for _ in range(batches):
            sealed.ingest(samples.body())
        return peak_mib()

    return run


def make_export(tenant_id: UUID) -> Callable[[int], float]:
    """In the process: an export of the last days; the peak in MiB."""
    house = open_installation()

    def run(days: int) -> float:
        query = Query(since=clock.now() - timedelta(days=days))
        with unit_of_work(house.engines.app, tenant_id=tenant_id, actor=SYSTEM) as work:
            parts = export_calls(work, vault=house.vault, query=query, form=ExportForm.CSV)
            sum(map(len, parts))
        return peak_mib()

    return run


def _peak(make: Callable[..., Callable[[int], float]], given: object, amount: int) -> float:
    with Worker(make, given) as worker:
        return float(worker.ask(amount))


def _result(name: str, peaks: list[float], few: int) -> Result:
    return Result(
        name,
        f"{peaks[1]:.0f} MiB",
        f"{peaks[0]:.0f} MiB for {few:,}",
        peaks[1] / peaks[0],
        _FLAT,
        "interpreter and libraries are most of it",
    )
