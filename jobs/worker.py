"""`silta worker`: RQ's worker and its forks, without anything in RQ that believes Redis.

What is left out, because Redis says it: pub/sub commands (anybody who may publish could kill
runs or shut workers down), the suspension key, job hashes, results and tracebacks, callbacks,
webhooks, dependencies, repeats, groups, rate limits, registries and their clean-up (which calls
failure callbacks), RQ's scheduler. Redis can vanish at any moment, at boot too: the worker waits.
"""

import contextlib
import os
import random
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, NoReturn

from redis import Redis, RedisError
from rq.job import Job
from rq.queue import Queue as StockQueue
from rq.timeouts import HorseMonitorTimeoutException
from rq.utils import utcformat
from rq.worker import Worker
from rq.worker.base import WorkerStatus

from jobs.bell import Bell
from jobs.contexts import House, Task
from jobs.installation import Installation
from jobs.parents import follow
from jobs.policy import LONGEST
from jobs.queues import BellQueue, connect, hang_back, next_bell
from jobs.relay import Presence
from jobs.runner import LEASE, run_outbox_job
from jobs.tasks import TASKS
from privacy.core.clock import monotonic
from privacy.core.logs import get_log
from privacy.core.outbox.names import JobName, Queue
from privacy.core.settings import Settings
from privacy.vault.processes import forbid_core_dumps

_log = get_log("worker")

_WAIT = 20
"""Seconds that one look into the queues lasts; Redis may take ten more to answer."""

_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.25, 4.0
"""Seconds between tries while Redis or PostgreSQL is away."""

Run = Callable[[Bell], None]


class BellWorker(Worker):
    """Takes bells and gives each to `run` in a fork of its own."""

    job_class: type[Job] = Bell
    queue_class: type[StockQueue] = BellQueue

    def __init__(self, connection: Redis, *, run: Run, queues: Sequence[Queue]) -> None:
        super().__init__(
            [BellQueue(queue.value, connection) for queue in queues],
            connection=connection,
            worker_ttl=_WAIT + 15,
            disable_default_exception_handler=True,
            log_job_description=False,
        )
        self._run = run
        self._presence = Presence()
        self._pause = _SHORTEST_PAUSE

    @property
    def stopped(self) -> bool:
        """Whether somebody asked us to end, by signal."""
        return self._shutdown_requested_date is not None

    def bootstrap(self, *args: Any, **kwargs: Any) -> None:
        """Say that we are here; no log handlers of RQ's own, no subscription to commands."""
        self.register_birth()
        self.set_state(WorkerStatus.STARTED)
        _log.info("worker started")

    def subscribe(self) -> None:
        """Listen to no commands: whoever may publish could kill runs and workers."""

    def unsubscribe(self) -> None:
        """There is nothing to unsubscribe from."""

    def check_for_suspension(self, burst: bool) -> None:
        """A key in Redis does not stop us."""

    def run_maintenance_tasks(self) -> None:
        """Registries are not kept, so there is nothing to clean."""

    def set_shutdown_requested_date(self) -> None:
        """Not told to Redis: this runs in a signal handler, and Redis may be away."""

    def _set_ip_address(self, connection: Redis) -> None:
        self.ip_address = "unknown"

    def serialize(self) -> dict[str, str]:
        """What Redis learns of us: when we began, when we were seen, which queues we drain."""
        assert self.birth_date is not None and self.last_heartbeat is not None  # noqa: S101, PT018
        return {
            "birth": utcformat(self.birth_date),
            "last_heartbeat": utcformat(self.last_heartbeat),
            "queues": ",".join(self.queue_names()),
        }

    def register_birth(self) -> None:
        """Say it if Redis listens."""
        with contextlib.suppress(RedisError):
            super().register_birth()  # type: ignore[no-untyped-call]

    def register_death(self) -> None:
        """Say it if Redis listens."""
        with contextlib.suppress(RedisError):
            super().register_death()  # type: ignore[no-untyped-call]

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        """Say it if Redis listens; a flushed Redis is told everything again."""
        with contextlib.suppress(RedisError):
            if pipeline is None and not self.connection.exists(self.key):
                super().register_birth()  # type: ignore[no-untyped-call]
            super().heartbeat(timeout, pipeline)

    def set_state(self, state: str, pipeline: Any = None) -> None:
        """Remember it, and say it if Redis listens."""
        with contextlib.suppress(RedisError):
            super().set_state(state, pipeline)

    def dequeue_job_and_maintain_ttl(
        self, timeout: int | None, max_idle_time: int | None = None
    ) -> tuple[Job, StockQueue] | None:
        """Wait for the next bell, through any absence of Redis. None: burst mode, none left."""
        self.set_state(WorkerStatus.IDLE)
        pause = _SHORTEST_PAUSE
        while True:
            self.heartbeat()
            try:
                bell = next_bell(self.connection, timeout=timeout and _WAIT, queues=self.queues)
            except RedisError:
                self._presence.is_away()
                time.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                continue
            self._presence.is_back()
            if bell is not None:
                return bell, BellQueue(bell.origin, self.connection)
            if timeout is None:
                return None

    def execute_job(self, job: Job, queue: StockQueue) -> None:
        """Run a bell in a fork and wait for it; nothing of it is written to Redis.

        A fork that could not reach the database fails before it has a lease. Its bell is hung
        back, after a pause, so that a database that is away does not cost all bells.
        """
        self.set_state(WorkerStatus.BUSY)
        self.fork_work_horse(job, queue)
        status = self._await_horse()
        self.set_state(WorkerStatus.IDLE)
        if not (os.WIFEXITED(status) and os.WEXITSTATUS(status)):
            self._pause = _SHORTEST_PAUSE
            return
        time.sleep(self._pause)
        self._pause = min(2 * self._pause, _LONGEST_PAUSE)
        if isinstance(job, Bell):
            with contextlib.suppress(RedisError):
                hang_back(job)

    def setup_work_horse_signals(self) -> None:
        """A run ends with its work: whoever stops a whole group of processes stops the worker,
        which waits for the run. To end it at once takes a second signal, or a KILL."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)

    def main_work_horse(self, job: Job, queue: StockQueue) -> NoReturn:
        """The fork: run the bell, and never return into what belongs to the parent."""
        try:
            _die_with_parent(self.pid)
            random.seed()
            self.setup_work_horse_signals()
            self._is_horse = True
            assert isinstance(job, Bell)  # noqa: S101
            self._run(job)
        except BaseException:  # noqa: BLE001
            _log.exception("run ended badly")
            os._exit(1)
        os._exit(0)

    def _await_horse(self) -> int:
        begun = monotonic()
        status: int | None = 0
        while True:
            try:
                with self.death_penalty_class(
                    self.job_monitoring_interval, HorseMonitorTimeoutException
                ):
                    _, status, _ = self.wait_for_horse()
                break
            except HorseMonitorTimeoutException:
                self.heartbeat()
                if monotonic() - begun > LONGEST.total_seconds() + 60:
                    self.kill_horse()
        self._horse_pid = 0
        if status and os.WIFSIGNALED(status):
            _log.error("run was killed", signal=os.WTERMSIG(status))
        return status or 0


def run_worker(
    settings: Settings,
    *,
    open_house: Callable[[Settings], House] = Installation,
    tasks: Mapping[JobName, Task] = TASKS,
    queues: Sequence[Queue] = tuple(Queue),
    lease_lasts: timedelta = LEASE,
    burst: bool = False,
) -> int:
    """Work until TERM or INT; a run in progress is finished first. Returns the exit code.

    Args:
        open_house: called in each fork: this process opens no connection to PostgreSQL and no key.
        queues: which to drain, the most urgent first. A job runs alone in its worker, so a second
            worker without the slow queue keeps mails from waiting for a night's verification.
        burst: end when no bell is left.
    """
    forbid_core_dumps()
    os.environ["TZ"] = "UTC"
    time.tzset()

    def run(bell: Bell) -> None:
        house = open_house(settings)
        try:
            run_outbox_job(
                job_id=bell.outbox_id,
                attempt=bell.attempt,
                house=house,
                tasks=tasks,
                lease_lasts=lease_lasts,
            )
        finally:
            house.close()

    worker = BellWorker(connect(settings, patience=_WAIT + 10), run=run, queues=queues)
    worker.work(burst=burst, logging_level="WARNING")
    return 0 if burst or worker.stopped else 1


def _die_with_parent(parent: int | None) -> None:
    """A killed worker takes its run with it; the lease ends and the job rings again."""
    if not follow(parent, signal.SIGKILL):
        os._exit(1)
