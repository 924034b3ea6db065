"""`silta dev`: everything on one machine below one folder, shown step by step, stopped in order."""

import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from jobs.embedded.children import last_line, wait_until
from jobs.embedded.environments import (
    check_root_key,
    database_variables,
    folder_variables,
    own_database,
    own_redis,
    redis_variables,
)
from jobs.embedded.errors import StackError
from jobs.embedded.folders import FolderLock, passage
from jobs.embedded.ports import answers, check_free, listens
from jobs.embedded.postgres import EmbeddedPostgres
from jobs.embedded.processes import Service, ServiceProcess
from jobs.embedded.progress import Progress
from jobs.embedded.redis import EmbeddedRedis
from jobs.embedded.roles import DRILL, ROLES, create_drill_role, create_roles
from jobs.embedded.signals import Stopped, deaf_to_signals, follow_parent, stop_on_signals
from jobs.embedded.users import server_user
from privacy.core.errors import SiltaError

_TICK = 0.25


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do once both servers run and `SILTA_…` is set; `run` may return a remark."""

    label: str
    run: Callable[[], str | None]


class Stack:
    """The servers, the steps, the services, and the order in which they come and go."""

    def __init__(
        self,
        folder: Path,
        *,
        steps: Sequence[Step],
        services: Sequence[Service],
        welcome: Callable[[], str],
        progress: Progress,
    ) -> None:
        self._folder = folder.absolute()
        self._steps = steps
        self._services = services
        self._welcome = welcome
        self._progress = progress
        self._servers: dict[str, EmbeddedPostgres | EmbeddedRedis] = {}
        self._processes: list[ServiceProcess] = []
        self._exits = ExitStack()

    def run(self) -> None:
        """Bring everything up, look after it until somebody asks to stop, take it down again.

        Raises SiltaError or OSError for what stops the start; everything is down then.
        """
        try:
            with stop_on_signals():
                self._open()
                self._start_servers()
                self._take_steps()
                self._start_services()
                self._progress.say(self._welcome())
                self._look_after()
        except Stopped:
            self._progress.say("\nStopping (once more Ctrl-C to hurry)")
        finally:
            self._close()

    def _open(self) -> None:
        """Check all that can be checked before anything is started."""
        user = server_user(self._folder)
        passage(self._folder, user)
        lock = FolderLock(self._folder)
        lock.take()
        self._exits.callback(lock.release)
        os.environ.update(folder_variables(self._folder, os.environ))
        check_root_key(os.environ)
        for variable in ("SILTA_BIND", "SILTA_METRICS_BIND"):
            check_free(variable, os.environ[variable])

    def _start_servers(self) -> None:
        if not own_database(os.environ):
            self._start_postgres()
        if not own_redis(os.environ):
            self._start_redis()

    def _start_postgres(self) -> None:
        server = EmbeddedPostgres(self._folder / "postgres", log=self._log("postgres"))
        with self._progress.step("PostgreSQL"):
            server.start()
            self._servers["PostgreSQL"] = server
        with self._progress.step("Database roles"):
            create_roles(server.admin_url, {role: server.password_of(role) for role in ROLES})
            create_drill_role(server.admin_url, server.password_of(DRILL))
        os.environ.setdefault("SILTA_DRILL_DATABASE_URL", server.url(DRILL, "postgres"))
        os.environ.update(database_variables(server))

    def _start_redis(self) -> None:
        server = EmbeddedRedis(self._folder / "redis", log=self._log("redis"))
        with self._progress.step("Redis"):
            server.start()
            self._servers["Redis"] = server
        os.environ.update(redis_variables(server))

    def _take_steps(self) -> None:
        for step in self._steps:
            with self._progress.step(step.label) as note:
                note.text = step.run() or ""

    def _start_services(self) -> None:
        for service in self._services:
            with self._progress.step(service.name.capitalize()):
                # Late is better than never: whoever waits in vain is started all the same.
                wait_until(lambda: all(map(listens, service.awaits())), timeout=20.0, step=0.1)  # noqa: B023
                process = ServiceProcess(service, log=self._log(service.name), env=os.environ)
                self._processes.append(process)
                process.start()
        web = next((each for each in self._processes if each.service.name == "web"), None)
        if web is not None:
            with self._progress.step("Web server answers"):
                self._await_web(web)

    def _await_web(self, web: ServiceProcess) -> None:
        bind = os.environ["SILTA_BIND"]
        wait_until(lambda: answers(bind) or not web.running(), timeout=90.0, step=0.1)
        if not answers(bind):
            raise StackError(f"The web server does not start: {last_line(web.log)} (see {web.log})")

    def _look_after(self) -> None:
        while True:
            for name, server in self._servers.items():
                if not server.alive():
                    with self._progress.step(f"{name} had ended: start it again"):
                        server.revive()
            for process in self._processes:
                for line in process.watch():
                    self._progress.say(f"  ! {line}")
            time.sleep(_TICK)

    def _close(self) -> None:
        """Web first, then those who finish jobs, then the servers that all of them need."""
        try:
            with stop_on_signals():
                for process in self._processes:
                    with self._progress.step(f"{process.service.name.capitalize()} stopped"):
                        process.stop()
        except Stopped:
            for process in self._processes:
                process.kill()
        with deaf_to_signals():
            for name, server in reversed(self._servers.items()):
                with self._progress.step(f"{name} stopped"):
                    server.stop()
            self._exits.close()

    def _log(self, name: str) -> Path:
        return self._folder / "log" / f"{name}.log"


def run_stack(
    folder: Path,
    *,
    steps: Sequence[Step],
    services: Sequence[Service],
    welcome: Callable[[], str],
) -> int:
    """Run `silta dev` in `folder` until it is stopped; return the exit code.

    0 after a stop that was asked for; 2, with one line on stderr, when something is in the way.
    `steps` run in this process, in order, with `os.environ` complete (`load_settings()` works);
    `welcome` is asked when everything runs. Call from the main thread.
    """
    follow_parent()
    progress = Progress(sys.stdout)
    stack = Stack(folder, steps=steps, services=services, welcome=welcome, progress=progress)
    try:
        stack.run()
    except SiltaError as error:
        Progress(sys.stderr).say(f"silta: {error}")
    except OSError as error:
        place = error.filename or folder
        Progress(sys.stderr).say(
            f"silta: {place}: {error.strerror or error}. Put that right, or delete {folder}."
        )
    else:
        return 0
    return 2


def service(
    name: str,
    *arguments: str,
    withhold: frozenset[str] = frozenset(),
    awaits: Callable[[], Sequence[str]] = tuple,
) -> Service:
    """Return the service that `silta <name>`, or `silta <arguments>`, runs with this
    interpreter."""
    command = [sys.executable, "-m", "wsgi", *(arguments or (name,))]
    return Service(name, command, withhold=withhold, awaits=awaits)
