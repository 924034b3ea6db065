"""Programs that tests start, kill and run as other users."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]


def start_python(*arguments: str | Path, **env: str) -> subprocess.Popen[str]:
    """Start this interpreter in the project's folder, output readable line by line."""
    return subprocess.Popen(
        [sys.executable, "-u", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read_until(program: subprocess.Popen[str], text: str) -> list[str]:
    """Read the program's lines up to the one with `text`; fail if it ends before that."""
    assert program.stdout is not None
    lines = []
    for line in program.stdout:
        lines.append(line)
        if text in line:
            return lines
    raise AssertionError("".join(lines))


def end(program: subprocess.Popen[str]) -> str:
    """Wait for the program's end and return the rest of its output."""
    rest, _ = program.communicate(timeout=60)
    return rest


def eventually(condition: Callable[[], bool], *, seconds: float = 20.0) -> bool:
    """Whether `condition` comes true within `seconds`."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return False


def descendants(process_id: int) -> list[psutil.Process]:
    """Return the living children of a process, theirs included."""
    return list(psutil.Process(process_id).children(recursive=True))


def command_lines(processes: list[psutil.Process]) -> str:
    """Return what a listing of processes shows of them; those that end meanwhile show nothing."""
    lines = []
    for each in processes:
        with contextlib.suppress(psutil.Error):
            lines.append(" ".join(each.cmdline()))
    return "\n".join(lines)


def network_sockets(processes: list[psutil.Process]) -> list[str]:
    """Return the addresses on which they listen or talk; those that end meanwhile have none."""
    found = []
    for each in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            found += [str(connection.laddr) for connection in each.net_connections("inet")]
    return found


def gone(processes: list[psutil.Process]) -> bool:
    """Whether none of them runs any more (a zombie does not run)."""
    return not any(
        each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in processes
    )
