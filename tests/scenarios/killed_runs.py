"""Run beside a living installation: processes that kill themselves, each after another step.

Every step of the nightly epoch, then every step of the retention around it. One import for all
of them: each run is a fork of its own, with connections of its own.
"""

import os
import signal
import sys
from collections.abc import Callable

from jobs.installation import Installation
from privacy.core import clock
from privacy.core.settings import load_settings
from privacy.retention.run import run_retention
from privacy.vault.epochs import Step, advance_epoch

RETENTION_STEPS = ("ahead", "keys", "epoch", "partitions")


def advance(installation: Installation, on_step: Callable[[str], None]) -> None:
    """The nightly epoch alone."""
    advance_epoch(installation.engines.keeper, installation.custody, on_step=on_step)


def retain(installation: Installation, on_step: Callable[[str], None]) -> None:
    """The whole retention."""
    run_retention(installation.engines, installation.custody, on_step=on_step)


def _killed(run: Callable[[Installation, Callable[[str], None]], None], last: str) -> bool:
    """Whether a process that runs `run` was killed after the step `last`."""
    child = os.fork()
    if child == 0:

        def stop(step: str) -> None:
            if step == last:
                os.kill(os.getpid(), signal.SIGKILL)

        run(Installation(load_settings()), stop)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def main() -> int:
    """0 when every run was killed where it was to be."""
    clock.set_offset(load_settings().clock_offset)
    runs = [(advance, str(step)) for step in Step] + [(retain, step) for step in RETENTION_STEPS]
    return sum(not _killed(run, step) for run, step in runs)


if __name__ == "__main__":
    sys.exit(main())
