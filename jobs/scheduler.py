"""`silta scheduler`: rings jobs, keeps the schedule, sweeps; one leads, others stand by."""

import os
import signal
import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from jobs.leadership import Leadership
from jobs.policy import policy_of
from jobs.queues import connect
from jobs.relay import Relay
from jobs.runner import record_death
from jobs.schedule import Schedule
from jobs.ticks import Tick, TickThread
from privacy.core.db.engine import Engines
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM, unit_of_work
from privacy.core.logs import get_log
from privacy.core.outbox.sweeps import PRUNED_AT_ONCE, bury, prune, reclaim
from privacy.core.settings import Settings
from privacy.core.watch import ClockHalted, Witness, halt_clock, watch_clock
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.processes import forbid_core_dumps

_log = get_log("scheduler")

DONE_AFTER = timedelta(days=7)
DEAD_AFTER = timedelta(days=90)
"""How long jobs are kept that are over."""


def standard_ticks(settings: Settings, engines: Engines) -> list[Tick]:
    """Everything that keeps jobs going; the caller adds ticks of other parts of the service."""
    relay = Relay(engines.relay, connect(settings))
    schedule, witness = Schedule(engines.app), Witness()
    return [
        Tick("relay", timedelta(seconds=0.5), relay.ring),
        Tick("schedule", timedelta(seconds=5), partial(_keep_schedule, engines, witness, schedule)),
        Tick("sweep", timedelta(seconds=5), partial(_sweep, engines, relay)),
        Tick("prune", timedelta(hours=1), partial(_prune, engines)),
    ]


class Scheduler:
    """Leads when it can, and then lets its ticks run."""

    def __init__(self, engines: Engines, ticks: Sequence[Tick]) -> None:
        self.leading = threading.Event()
        self._over = threading.Event()
        self._asked_to_stop = False
        self._leadership = Leadership(engines.relay)
        self._threads = [
            TickThread(tick, engine=engines.relay, leading=self.leading, over=self._over)
            for tick in ticks
        ]

    def run(self) -> None:
        """Work until `stop`; a database that is away is waited for."""
        for thread in self._threads:
            thread.start()
        while not self._asked_to_stop:
            self._lead(self._leadership.check())
            time.sleep(0.3)
        self._over.set()
        self._lead(leads=False)
        for thread in self._threads:
            thread.join(timeout=10)
        self._leadership.give_back()

    def stop(self) -> None:
        """End soon. Sets nothing but a flag: an Event's lock is not safe in a signal handler."""
        self._asked_to_stop = True

    def _lead(self, leads: bool) -> None:
        if leads == self.leading.is_set():
            return
        _log.info("leading" if leads else "standing by")
        (self.leading.set if leads else self.leading.clear)()


def run_scheduler(settings: Settings, *, engines: Engines, ticks: Sequence[Tick] = ()) -> int:
    """Run `ticks` and the standard ones until TERM or INT. Returns the exit code."""
    forbid_core_dumps()
    os.environ["TZ"] = "UTC"
    time.tzset()
    scheduler = Scheduler(engines, [*standard_ticks(settings, engines), *ticks])
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: scheduler.stop())
    scheduler.run()
    engines.dispose()
    return 0


def _sweep(engines: Engines, relay: Relay) -> None:
    with engines.relay.begin() as connection:
        dead = reclaim(connection, attempts=lambda name: policy_of(name).attempts)
    for job in dead:
        end = partial(bury, lapse=job)
        record_death(engines, end, tenant_id=job.tenant_id, job_id=job.id, name=job.name)
    relay.ring_unheard()


def _prune(engines: Engines) -> None:
    gone = PRUNED_AT_ONCE
    while gone == PRUNED_AT_ONCE:
        with engines.relay.begin() as connection:
            gone = prune(connection, done=DONE_AFTER, dead=DEAD_AFTER)


def _keep_schedule(engines: Engines, witness: Witness, schedule: Schedule) -> None:
    """Look at the clock first: a slot that only a leap has reached starts nothing that destroys."""
    with unit_of_work(engines.app, tenant_id=INSTALLATION_ID, actor=SYSTEM) as work:
        if witness.leapt(work.now):
            halt_clock(work.connection)
            record(work, Event.CLOCK_LEAPT)
            _log.error("clock leapt", code=ClockHalted.code)
    schedule.add_due()
    with engines.app.begin() as connection:
        watch_clock(connection)
