"""Simulators as processes of their own, as a developer starts them."""

import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Simulator:
    """Where it is, and what it has computed."""

    url: str
    process: subprocess.Popen[str]

    def spent(self) -> float:
        """Seconds of processor time so far."""
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)


@contextmanager
def simulator(kind: str, *options: str) -> Iterator[Simulator]:
    """One that answers, for the length of a block."""
    run = [sys.executable, "wsgi.py", "simulate", kind, "--port", "0", *options]
    process = subprocess.Popen(run, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield Simulator(process.stdout.readline().split()[-1], process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        process.stdout.close()


def trust_in(folder: Path) -> ssl.SSLContext:
    """Of a client that trusts a simulator whose authority lies in `folder`."""
    return ssl.create_default_context(cafile=str(folder / "authority.pem"))
