"""Processes that do not outlive the one that started them.

A parent that is killed can tell nobody. Its children would go on, with the settings and the
clock of yesterday: a web process would even keep the port, and answer beside its successor. On
Linux the kernel tells them; elsewhere there is nothing like it.
"""

import ctypes
import multiprocessing
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def follow(parent: int | None, number: signal.Signals) -> bool:
    """Ask the kernel for signal `number` when the thread that started us ends.

    Returns:
        False when `parent` has ended already, and no signal will come.
    """
    if _LIBC is None:
        return True
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(number))
    return os.getppid() == parent


def follow_server() -> None:
    """In a process that a server of ours has started for its requests: end with that server."""
    server = multiprocessing.parent_process()
    if server is not None and not follow(server.pid, signal.SIGTERM):
        sys.exit(0)
