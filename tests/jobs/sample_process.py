"""The real worker and scheduler with sample tasks; `whole-worker` is one with our own tasks."""

import jobs.early  # noqa: F401  # isort: skip

import gc
import sys
from datetime import timedelta

from jobs.scheduler import run_scheduler
from jobs.worker import run_worker
from privacy.core.db.engine import Engines
from privacy.core.logs import configure_logs
from privacy.core.settings import load_settings
from tests.jobs.nursery import fork_as_asked
from tests.jobs.samples import SAMPLE_TASKS, open_sample


def run(kind: str) -> int:
    """Be a `worker` or `scheduler`, and return the exit code."""
    configure_logs("INFO")
    settings = load_settings()
    if kind == "worker":
        lasts = timedelta(seconds=2)
        return run_worker(settings, open_house=open_sample, tasks=SAMPLE_TASKS, lease_lasts=lasts)
    if kind == "whole-worker":
        return run_worker(settings)
    return run_scheduler(settings, engines=Engines(settings))


if __name__ == "__main__":
    gc.enable()
    gc.freeze()
    sys.exit(run(fork_as_asked()))
