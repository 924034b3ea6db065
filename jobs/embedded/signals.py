"""Ctrl-C, TERM and a closed terminal end `silta dev` in order; a second one ends it at once."""

import contextlib
import os
import signal
from collections.abc import Iterator
from types import FrameType

from jobs.parents import follow

FOLLOW_PARENT = "SILTA_DEV_FOLLOWS_PARENT"
"""Set by `make run`: when make is killed, `silta dev` is to end as well."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked us to stop. Not an Exception: no handler on the way may swallow it."""


@contextlib.contextmanager
def stop_on_signals() -> Iterator[None]:
    """Within, a signal raises Stopped in the main thread, wherever it is."""
    before = {number: signal.signal(number, _raise) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def deaf_to_signals() -> Iterator[None]:
    """Within, nothing interrupts us: the last and short part of a stop."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def follow_parent() -> None:
    """Ask the kernel for a TERM when our parent ends, where the environment wants that."""
    if os.environ.pop(FOLLOW_PARENT, ""):
        follow(os.getppid(), signal.SIGTERM)


def _raise(number: int, frame: FrameType | None) -> None:
    raise Stopped
