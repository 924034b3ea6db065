import os
import resource

import pytest

from privacy.vault.processes import forbid_core_dumps


@pytest.mark.attack(10)
def test_no_core_is_dumped() -> None:
    child = os.fork()
    if child == 0:
        forbid_core_dumps()
        off = resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
        os._exit(0 if off and not _dumpable() else 1)
    assert os.waitpid(child, 0)[1] == 0


def _dumpable() -> bool:
    # The kernel gives /proc/self to root when a process must not be dumped; as root only the
    # flag itself tells.
    import ctypes

    return bool(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
