"""`python -m tests.jobs.sample_process worker|scheduler`: the real thing with sample tasks.

`whole-worker` is a worker with our own tasks.
"""

import jobs.early  # noqa: F401  # isort: skip

import gc
import sys
from datetime import timedelta

from jobs.scheduler import run_scheduler
from jobs.worker import run_worker
from privacy.core.db.engine import Engines
from privacy.core.logs import configure_logs
from privacy.core.settings import load_settings
from tests.jobs.samples import SAMPLE_TASKS, open_sample

if __name__ == "__main__":
    gc.enable()
    gc.freeze()
    configure_logs("INFO")
    settings = load_settings()
    if sys.argv[1] == "worker":
        lasts = timedelta(seconds=2)
        sys.exit(
            run_worker(settings, open_house=open_sample, tasks=SAMPLE_TASKS, lease_lasts=lasts)
        )
    if sys.argv[1] == "whole-worker":
        sys.exit(run_worker(settings))
    sys.exit(run_scheduler(settings, engines=Engines(settings)))
