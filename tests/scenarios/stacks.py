"""`silta dev` as a newcomer starts it: real processes in a folder of its own, on free ports."""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg.rows import TupleRow

from jobs.embedded.roles import DATABASE, libpq_url
from privacy.core.settings import Settings
from tests.servers import temporary_folder

ROOT = Path(__file__).parents[2]
_READY = "stops everything; the data stays"

_TITLES = {"web": "granian", "worker": "rq:worker"}
"""What processes call themselves once their libraries have renamed them."""


class Stack:
    """One installation and its processes; start it again and again with the same data.

    `env` is given to every process. Start it from the main thread: it follows us into our end.
    """

    def __init__(self, *, demo: bool = False, **env: str) -> None:
        self._demo = "--demo" if demo else "--no-demo"
        self.folder = temporary_folder()
        self._held = (self.folder / "held").open("w")
        fcntl.flock(self._held, fcntl.LOCK_EX)
        self.var = self.folder / "var"
        self.output = self.folder / "output"
        self._env = _without_settings() | _free_binds() | env
        self._main: subprocess.Popen[bytes] | None = None

    @property
    def site(self) -> str:
        """Where console and API are."""
        return f"http://{self._env['SILTA_BIND']}"

    def start(self, *, days: int = 0) -> None:
        """Start everything with the development clock `days` on; return when it answers."""
        self.output.touch()
        seen = self.output.stat().st_size
        with self.output.open("ab") as output:
            self._main = subprocess.Popen(
                [sys.executable, "-m", "wsgi", "dev", self._demo, "--folder", self.var],
                cwd=ROOT,
                env=self._env | {"SILTA_CLOCK_DAYS": str(days), "SILTA_DEV_FOLLOWS_PARENT": "1"},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        eventually(lambda: _READY in self._said(seen) or not self.running(), seconds=150)
        assert self.running(), self._said(seen)

    def said(self) -> str:
        """All that it has shown since it was first started."""
        return self._said(0)

    def stop(self) -> None:
        """As Ctrl-C does it; harmless when nothing runs."""
        if self._main is not None:
            self.resume()
            self._main.send_signal(signal.SIGINT)
            assert self._main.wait(120) == 0, self._said(0)[-2000:]
            self._main = None

    def running(self) -> bool:
        """Whether `silta dev` itself runs."""
        return self._main is not None and self._main.poll() is None

    def close(self) -> None:
        """Stop, and remove the folder. What went wrong meanwhile is shown with a failed test."""
        for log in sorted((self.var / "log").glob("*.log")):
            for line in log.read_text(errors="replace").splitlines():
                if '"level": "error"' in line:
                    sys.stdout.write(f"{log.stem}: {line}\n")
        try:
            self.stop()
        finally:
            if self._main is not None:
                self._main.kill()
            shutil.rmtree(self.folder, ignore_errors=True)
            self._held.close()

    def hold(self) -> None:
        """Keep `silta dev` from looking after its own: what dies now stays dead."""
        assert self._main is not None
        self._main.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it look after its own again."""
        assert self._main is not None
        self._main.send_signal(signal.SIGCONT)

    def process(self, name: str) -> psutil.Process:
        """The process of `web`, `worker`, `scheduler`, `postgres` or `redis-server`."""
        assert self._main is not None
        for child in psutil.Process(self._main.pid).children():
            with contextlib.suppress(psutil.Error):
                line = child.cmdline()
                title = _TITLES.get(name, name)
                if line[-1:] == [name] or Path(line[0].split()[0]).name.startswith(title):
                    return child
        raise LookupError(name)

    def await_process(self, name: str, *, other_than: int = 0) -> psutil.Process:
        """The process called `name`, once there is one with another id."""
        found: list[psutil.Process] = []

        def look() -> bool:
            with contextlib.suppress(LookupError):
                found[:] = [self.process(name)]
            return bool(found) and found[0].pid != other_than

        eventually(look, seconds=90)
        return found[0]

    def variables(self) -> dict[str, str]:
        """What the stack gives to a process that needs everything."""
        return self.await_process("scheduler").environ()

    def settings(self, **changed: object) -> Settings:
        """The same, typed."""
        given = {
            name.removeprefix("SILTA_").lower(): value
            for name, value in self.variables().items()
            if name.startswith("SILTA_")
        }
        return Settings.model_validate(given | changed)

    def silta(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run `silta …` beside the stack."""
        return subprocess.run(
            [sys.executable, "-m", "wsgi", *arguments],
            cwd=ROOT,
            env=self.variables() | env,
            capture_output=True,
            text=True,
            check=False,
        )

    def say(self, *arguments: str, **env: str) -> dict[str, Any]:
        """What `silta … --json` says, which has to succeed."""
        done = self.silta(*arguments, "--json", **env)
        assert done.returncode == 0, done.stderr
        said: dict[str, Any] = json.loads(done.stdout)
        return said

    @contextlib.contextmanager
    def superuser(self) -> Iterator[psycopg.Connection[TupleRow]]:
        """A connection past every wall, each statement committed."""
        with psycopg.connect(self.superuser_url(), autocommit=True) as connection:
            yield connection

    def superuser_url(self, database: str = DATABASE) -> str:
        """Where that connection leads (libpq)."""
        passwords = json.loads((self.var / "postgres" / "passwords.json").read_text())
        host = libpq_url(self.variables()["SILTA_OWNER_DATABASE_URL"]).rpartition("host=")[2]
        return f"postgresql://postgres:{passwords['postgres']}@/{database}?host={host}"

    def rows(self, statement: str, *given: object) -> list[TupleRow]:
        """What the superuser reads."""
        with self.superuser() as connection:
            return connection.execute(statement.encode(), given).fetchall()

    def count(self, statement: str, *given: object) -> int:
        """One number that the superuser reads."""
        ((number,),) = self.rows(statement, *given)
        return int(number or 0)

    def _said(self, start: int) -> str:
        return self.output.read_bytes()[start:].decode(errors="replace")


def eventually(condition: Callable[[], bool], *, seconds: float = 60.0) -> None:
    """Wait until `condition` holds; fail when it does not in time."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"not within {seconds} s"
        time.sleep(0.1)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _free_binds() -> dict[str, str]:
    names = ("SILTA_BIND", "SILTA_METRICS_BIND")
    return {name: f"127.0.0.1:{free_port()}" for name in names}


def _without_settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("SILTA_")}
