"""An account of a tenant of its own at one system, and the engine over it."""

import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from connector.accounts.find import find_account
from connector.accounts.kinds import AccountKind
from connector.accounts.states import READING, AccountState
from connector.calls.queries import Query
from connector.calls.search import search_calls
from connector.synced.read import Listing, list_records
from connector.synced.registry import SHELVES
from connector.synced.shapes import RecordKind
from connector.syncs.draft_account import draft_account
from connector.syncs.models import SyncRun
from connector.syncs.run_account import run_account
from connector.syncs.run_stream import Ended
from connector.syncs.stations import Station
from connector.syncs.streams import request_run
from connector.syncs.try_account import try_account
from privacy.core import clock
from privacy.core.db.work import SYSTEM
from privacy.ledger.events import Event
from tests.faults.systems import Site, System
from tests.faults.wires import Network, Wire, Wired
from tests.tenancies import House, Tenancy

Stored = dict[RecordKind, list[str]]


@dataclass
class Trial:
    """One cell of the matrix."""

    tenant: Tenancy
    site: Site
    wire: Wire
    station: Station
    account_id: uuid.UUID
    seen: dict[RecordKind, set[str]] = field(default_factory=dict)
    """Calls that were ever there: a call ends with its day, not with its source."""
    new_versions: int = 0

    def test(self) -> None:
        """What a person does who has mended something."""
        tested = try_account(self.station, account_id=self.account_id, patience=20.0)
        assert tested.worked, tested

    def run(self, *, full: bool = False) -> list[Ended]:
        """What the schedule does; `full`, a person."""
        if full:
            with self.station.work() as work:
                request_run(work, account_id=self.account_id, full=True)
        return run_account(self.station, account_id=self.account_id)

    def later(self, **by: float) -> None:
        """Let time pass, everywhere."""
        passed = timedelta(**by)
        clock.set_offset(clock.offset() + passed)
        self.site.pass_time(passed.total_seconds())

    def state(self) -> AccountState:
        with self.station.work() as work:
            return AccountState(find_account(work, self.account_id).state)

    def mend(self) -> None:
        """The fault is over; where nobody reads any more, a person looks."""
        self.site.calm()
        if self.wire.hasty:
            _let_finish()  # what was given up is still being answered there, one at a time
        self.wire.hasty = self.wire.cut = False
        if self.state() not in READING:
            self.test()

    def change(self) -> None:
        """Change one thing of each stream, there."""
        bench = self.site.bench
        for stream in self.site.provider.streams:
            changed = stream.name in bench.streams and bench.change(stream.name) is not None
            self.new_versions += changed and stream.kind is RecordKind.CALLS

    def there(self) -> Stored:
        """What the system has; of calls, what it ever had."""
        bench, found = self.site.bench, dict[RecordKind, set[str]]()
        for stream in self.site.provider.streams:
            if stream.name in bench.streams:
                found.setdefault(stream.kind, set()).update(bench.ids(stream.name))
        calls = found.get(RecordKind.CALLS)
        if calls is not None:
            calls |= self.seen.setdefault(RecordKind.CALLS, set())
            self.seen[RecordKind.CALLS] |= calls
        return {kind: sorted(ids) for kind, ids in found.items()}

    def stored(self) -> Stored:
        """What we have: every row, so that what is there twice is seen twice."""
        return {kind: sorted(self._stored(kind)) for kind in self.there()}

    def _stored(self, kind: RecordKind) -> list[str]:
        vault = self.tenant.vault
        with self.tenant.work() as work:
            if kind is RecordKind.CALLS:
                calls = search_calls(work, vault=vault, query=Query(), limit=200).calls
                return [str(view.record.source_id).removeprefix("pstn:") for view in calls]
            page = list_records(work, vault=vault, shelf=SHELVES[kind], listing=Listing(limit=200))
            return [view.external_id for view in page.records]

    def told(self) -> tuple[int, int]:
        """How often the ledger says "unavailable", and how often "back"."""
        statement = text("SELECT event FROM ledger_events WHERE tenant_id = :t AND subject = :a")
        asked = {"t": self.tenant.id, "a": str(self.account_id)}
        with self.tenant.installation.superuser().connect() as connection:
            events = Counter(connection.execute(statement, asked).scalars())
        return events[Event.ACCOUNT_UNAVAILABLE.value], events[Event.ACCOUNT_BACK.value]

    def created(self) -> int:
        """Things that all runs together say were new."""
        with self.tenant.work() as work:
            return sum(run.created for run in work.session.query(SyncRun).all())


def _let_finish() -> None:
    """Wait until no simulator of this process answers anybody; whoever gave up has hung up."""
    until = time.monotonic() + 10
    time.sleep(0.1)
    while time.monotonic() < until and any(
        "process_request_thread" in thread.name for thread in threading.enumerate()
    ):
        time.sleep(0.02)


@contextmanager
def trial(house: House, system: System) -> Iterator[Trial]:
    """A connected account that nothing was read of yet; the clock goes back at the end."""
    before = clock.offset()
    try:
        with system.open() as site:
            yield _connected(house.tenant(), site)
    finally:
        clock.set_offset(before)


def _connected(tenant: Tenancy, site: Site) -> Trial:
    wire = Wire()
    wired = Wired(site.provider, wire)
    outbound: dict[str, Any] = {"network": Network(wire), **site.bench.trust}
    station = Station(
        tenant.installation.engines.app,
        tenant.vault,
        tenant.id,
        SYSTEM,
        loopback=True,
        providers={AccountKind(wired.name): wired},
        pause=lambda _: None,
        outbound=outbound,
    )
    with tenant.work() as work:
        account_id = draft_account(
            work,
            vault=tenant.vault,
            provider=site.provider,
            name="Outside",
            credential=dict(site.bench.credential),
        )
    made = Trial(tenant, site, wire, station, account_id)
    made.test()
    return made
