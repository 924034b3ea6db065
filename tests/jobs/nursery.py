"""Real processes without their start: one process imports everything and forks the others.

A worker takes two seconds of a processor to import what it needs, and tests start dozens of them.
What is forked has its own process id, environment, log and exit code, as if it were started.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


class Nursery:
    """The process that forks; it ends when its input does."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.sample_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, kind: str, env: Mapping[str, str], log: Path) -> "Child":
        """Fork a process that is a `kind`, with this environment and log."""
        log.touch()
        return Child(self, self.ask({"start": kind, "env": dict(env), "log": str(log)}))

    def ask(self, question: Mapping[str, Any]) -> Any:
        """One line there, one line back."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """Let it end, and wait for it."""
        self._process.communicate()


@dataclass
class Child:
    """A forked process, with the methods of one that was started."""

    nursery: Nursery
    pid: int
    returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit code, negative for a signal, once it has ended."""
        if self.returncode is None:
            self.returncode = self.nursery.ask({"poll": self.pid})
        return self.returncode

    def wait(self, seconds: float = 60) -> int:
        """Its exit code.

        Raises:
            TimeoutError: it has not ended in time.
        """
        until = time.monotonic() + seconds
        while (code := self.poll()) is None:
            if time.monotonic() > until:
                raise TimeoutError
            time.sleep(0.02)
        return code

    def send_signal(self, number: signal.Signals) -> None:
        """Send it, if the process has not ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


@cache
def nursery() -> Nursery:
    """The one of this test process, started when it is first needed."""
    return Nursery()


def fork_as_asked() -> str:
    """Serve the questions of a `Nursery`. Returns in each child, with what it is to be."""
    for line in sys.stdin:
        asked = json.loads(line)
        if "poll" in asked:
            _say(_code_of(asked["poll"]))
            continue
        if child := os.fork():
            _say(child)
            continue
        _settle(asked)
        return str(asked["start"])
    sys.exit(0)


def _say(answer: object) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _code_of(pid: int) -> int | None:
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def _settle(asked: Mapping[str, Any]) -> None:
    """A log for output, no input, and an environment of its own."""
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for old, new in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(old, new)
    os.environ.clear()
    os.environ.update(asked["env"])
    with contextlib.suppress(OSError):
        os.close(log)
        os.close(nothing)
