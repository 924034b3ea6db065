"""`silta worker`: the process that runs jobs."""

import sys

import click

from jobs.installation import open_installation
from jobs.worker import run_worker


@click.command()
def worker() -> None:
    """Run jobs."""
    installation = open_installation()
    installation.check()
    installation.close()
    sys.exit(run_worker(installation.settings))
