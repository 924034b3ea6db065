"""The children of `silta dev`: web, worker, scheduler; started, watched, started again, stopped."""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jobs.embedded.children import last_line, spawn, stop
from jobs.embedded.followers import LogFollower, is_reason

_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 30.0
_STEADY_AFTER = 60.0


@dataclass(frozen=True, slots=True)
class Service:
    """One long-running command. Secrets reach it by environment, never by `command`.

    `withhold` names variables that this process has no business knowing (least privilege).
    `awaits`: addresses that should answer before it is started; asked when its turn comes.
    """

    name: str
    command: Sequence[str]
    withhold: frozenset[str] = frozenset()
    patience: float = 30.0
    awaits: Callable[[], Sequence[str]] = tuple


class ServiceProcess:
    """A service and its process, with a pause between starts that doubles while it keeps dying."""

    def __init__(self, service: Service, *, log: Path, env: Mapping[str, str]) -> None:
        self.service = service
        self.log = log
        self._env = {name: value for name, value in env.items() if name not in service.withhold}
        self._follower = LogFollower(log)
        self._child: subprocess.Popen[bytes] | None = None
        self._pause = _FIRST_PAUSE
        self._begun = 0.0
        self._due = 0.0

    def start(self) -> None:
        """Start the process."""
        self._begun = time.monotonic()
        self._child = spawn(
            self.service.command, log=self.log, death_signal=signal.SIGTERM, env=self._env
        )

    def watch(self) -> list[str]:
        """Look after the process; return lines for the terminal: errors, a death, a start."""
        lines = [f"{self.service.name}: {line}" for line in self._follower.errors()]
        if self._child is None:
            return [*lines, *self._start_when_due()]
        code = self._child.poll()
        return lines if code is None else [*lines, self._note_death(code)]

    def running(self) -> bool:
        """Whether the process runs."""
        return self._child is not None and self._child.poll() is None

    def process_id(self) -> int | None:
        """Return the process's id while it runs."""
        return self._child.pid if self._child is not None and self.running() else None

    def stop(self) -> None:
        """Let it finish what it does, for as long as the service's patience lasts."""
        if self._child is not None:
            stop(self._child, ask=signal.SIGTERM, patience=self.service.patience)
            self._child = None

    def kill(self) -> None:
        """End it now."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._child = None

    def _start_when_due(self) -> list[str]:
        if time.monotonic() < self._due:
            return []
        self.start()
        return [f"{self.service.name}: started again"]

    def _note_death(self, code: int) -> str:
        lived = time.monotonic() - self._begun
        pause = _FIRST_PAUSE if lived > _STEADY_AFTER else self._pause
        self._pause = min(2 * pause, _LONGEST_PAUSE)
        self._due = time.monotonic() + pause
        self._child = None
        said = last_error(self.log)
        why = f"{_ending(code)}: {said[:200]}" if said else _ending(code)
        return f"{self.service.name} ended ({why}), again in {pause:.0f} s; see {self.log}"


def last_error(log: Path) -> str:
    """The last line of a log if it says why its process ended; else nothing."""
    line = last_line(log)
    return line if is_reason(line) else ""


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit {code}"
