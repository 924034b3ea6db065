"""Child processes that never outlive us: started with a death signal, stopped with patience."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import IO

import psutil

from jobs.embedded.users import ServerUser

_LAUNCHER = Path(__file__).with_name("launch.py")
_LARGEST_LOG = 8 << 20


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    death_signal: signal.Signals,
    user: ServerUser | None = None,
    env: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start `command` with output appended to `log`; it gets `death_signal` when our thread ends.

    Call from the main thread: the kernel watches the thread that forked, not the process.
    A session of its own keeps a Ctrl-C at the terminal from reaching it before us.
    """
    dropped = user if user and user.dropped else None
    ids = (dropped.uid, dropped.gid) if dropped else (-1, -1)
    launcher = [sys.executable, "-I", "-S", _LAUNCHER, os.getpid(), int(death_signal), *ids]
    with open_log(log) as output:
        return subprocess.Popen(  # noqa: S603
            [str(each) for each in (*launcher, *command)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=folder,
            start_new_session=True,
        )


def open_log(path: Path) -> IO[bytes]:
    """Open a log for appending; one grown large is set aside first, so that at most two stay."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > _LARGEST_LOG:
        path.replace(path.with_name(path.name + ".1"))
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")


def last_line(path: Path) -> str:
    """Return the last line of a log that says something."""
    lines = path.read_text(errors="replace").splitlines() if path.exists() else []
    return next((line.strip() for line in reversed(lines) if line.strip()), "no message")


def stop(
    child: subprocess.Popen[bytes], *, ask: signal.Signals = signal.SIGTERM, patience: float = 20.0
) -> None:
    """Ask `child` to end and wait `patience` seconds; then end it."""
    if child.poll() is None:
        child.send_signal(ask)
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def end_strays(folder: Path, *, ask: signal.Signals, patience: float = 20.0) -> None:
    """Wait until no process works in `folder` any more, asking those left there by a killed run.

    Both servers make their data folder their working directory, and so do PostgreSQL's backends:
    while one of those lives, a second server on the same files would destroy them.
    """
    strays = _working_in(folder)
    for stray in strays:
        _quietly(partial(stray.send_signal, ask))
    _, alive = psutil.wait_procs(strays, timeout=patience)
    for stray in alive:
        _quietly(stray.kill)
    psutil.wait_procs(alive, timeout=patience)


def wait_until(ready: Callable[[], bool], *, timeout: float, step: float = 0.03) -> bool:
    """Ask `ready` again and again until it says yes; False after `timeout` seconds."""
    end = time.monotonic() + timeout
    while not ready():
        if time.monotonic() > end:
            return False
        time.sleep(step)
    return True


def _working_in(folder: Path) -> list[psutil.Process]:
    place = str(folder.resolve())
    return [
        process
        for process in psutil.process_iter(["cwd"])
        if process.info["cwd"] == place and process.pid != os.getpid()
    ]


def _quietly(act: Callable[[], object]) -> None:
    try:
        act()
    except psutil.Error:
        return
