"""Whole systems read through the engine, against their simulators: speed, and flat memory."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

from bench.contexts import Context
from bench.costs import spent_by
from bench.memories import peak_mib
from bench.results import Better, Goal, Result
from bench.simulated import Simulator, simulator, trust_in
from bench.workers import Worker
from connector.accounts.kinds import AccountKind
from connector.providers.pulled import PROVIDERS
from connector.simulators.microsoft.keys import Keys as MicrosoftKeys
from connector.simulators.netvisor.keys import Keys as NetvisorKeys
from connector.syncs.draft_account import draft_account
from connector.syncs.run_account import run_account
from connector.syncs.stations import Station
from connector.syncs.try_account import try_account
from jobs.installation import open_installation
from privacy.core.db.work import SYSTEM

_FLAT = Goal(1.25, 1.1, Better.LOWER)


@dataclass(frozen=True, slots=True)
class Asked:
    """One system to read. `authority`: a folder with who vouches for it."""

    tenant_id: uuid.UUID
    kind: AccountKind
    credential: Mapping[str, str]
    authority: Path | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds by the clock, and of this process; what the pace would add; peak in MiB."""

    seconds: float
    computed: float
    pace: float
    peak: float


def measure(context: Context) -> Iterator[Result]:
    """A large amount and a tenth of it, each in a process of its own."""
    sizes = context.sizes
    for name, things, counts, read in (
        ("sync of Netvisor", "customers", sizes.netvisor_customers, _netvisor),
        ("sync of Graph", "call records", sizes.graph_records, _graph),
    ):
        yield _result(context, f"{name}, {counts[1]:,} {things}", counts, read)


Read = Callable[[Context, int, ExitStack], tuple[Simulator, Asked]]


def _result(context: Context, name: str, counts: tuple[int, int], read: Read) -> Result:
    peaks: list[float] = []
    for count in counts:
        with ExitStack() as stack:
            answering, asked = read(context, count, stack)
            worker = stack.enter_context(Worker(make_reader, asked))
            theirs, database = answering.spent(), spent_by(context.site)
            taken: Taken = worker.ask()
            theirs, database = answering.spent() - theirs, spent_by(context.site) - database
            peaks.append(taken.peak)
    each = 1e6 / counts[1]
    shares = (
        f"{taken.computed * each:.0f} + {database * each:.0f} µs of ours and PostgreSQL's, "
        f"{theirs * each:.0f} µs of the simulator"
    )
    return Result(
        name,
        f"{counts[1] / taken.seconds:,.0f} rec/s, {taken.seconds:.0f} s, peak {peaks[1]:.0f} MiB",
        f"peak {peaks[0]:.0f} MiB for {counts[0]:,}",
        peaks[1] / peaks[0],
        _FLAT,
        "a new connection for each request, on both sides",
        [
            f"processor time a record: {shares}; "
            f"the pace of its requests, left out, adds {taken.pace:.0f} s"
        ],
    )


def _netvisor(context: Context, count: int, stack: ExitStack) -> tuple[Simulator, Asked]:
    answering, keys = stack.enter_context(simulator("netvisor", "--customers", str(count))), _KEYS
    credential = {
        "customer_id": keys.customer_id,
        "customer_key": keys.customer_key,
        "partner_id": keys.partner_id,
        "partner_key": keys.partner_key,
        "organisation_id": keys.organisation_id,
        "base_url": answering.url,
    }
    return answering, Asked(context.site.tenant(), AccountKind.NETVISOR, credential)


def _graph(context: Context, count: int, stack: ExitStack) -> tuple[Simulator, Asked]:
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="silta-bench-tls-")))
    options = ("--tls-folder", str(folder), "--customers", "0", "--calls", str(count))
    answering, keys = stack.enter_context(simulator("microsoft", *options)), MicrosoftKeys.of(1)
    credential = {
        "tenant_id": keys.tenant_id,
        "client_id": keys.client_id,
        "client_secret": keys.client_secret,
        "base_url": answering.url,
        "calls": "call_records",
    }
    asked = Asked(context.site.tenant(), AccountKind.MICROSOFT_CALLS, credential, folder)
    return answering, asked


_KEYS = NetvisorKeys.of(1)


def make_reader(asked: Asked) -> Callable[[object], Taken]:
    """In the process: connects the account, reads everything once."""
    house, paused = open_installation(), [0.0]

    def pause(seconds: float) -> None:
        # Nobody waits, so each wait counts from now on and has those before in it.
        paused[0] = max(paused[0], seconds)

    trust: dict[str, Any] = {"tls": trust_in(asked.authority)} if asked.authority else {}
    station = Station(
        house.engines.app,
        house.vault,
        asked.tenant_id,
        SYSTEM,
        loopback=True,
        pause=pause,
        outbound=trust,
    )
    with station.work() as work:
        account_id = draft_account(
            work,
            vault=house.vault,
            provider=PROVIDERS[asked.kind],
            name="Outside",
            credential=asked.credential,
        )
    assert try_account(station, account_id=account_id).worked

    def run(_: object) -> Taken:
        began, computed = perf_counter(), process_time()
        ended = run_account(station, account_id=account_id)
        assert {each.outcome.value for each in ended} == {"done"}, ended
        return Taken(perf_counter() - began, process_time() - computed, paused[0], peak_mib())

    return run
