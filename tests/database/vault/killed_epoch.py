"""A process that ends an epoch and kills itself after the step that it is told."""

import os
import signal
import sys

from privacy.core.db.engine import Engines
from privacy.core.settings import load_settings
from privacy.vault.custody import make_custody
from privacy.vault.epochs import Step, advance_epoch


def _kill_at(wanted: Step, step: Step) -> None:
    if step is wanted:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    settings, last = load_settings(), Step(sys.argv[1])
    advance_epoch(
        Engines(settings).keeper,
        make_custody(settings),
        on_step=lambda step: _kill_at(last, step),
        batch=4,
    )
