"""Keep keys out of core dumps (ATTACK 10)."""

import ctypes
import resource

_PR_SET_DUMPABLE = 4


def forbid_core_dumps() -> None:
    """No core file, and no ptrace or /proc/self/mem for other processes of the same user.

    Call once in each process that holds keys. Where the kernel knows no prctl (not Linux) the
    limit on core files alone holds.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
