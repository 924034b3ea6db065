"""`silta worker`: the process that runs jobs."""

import sys

import click

from jobs.installation import open_installation
from jobs.worker import run_worker
from privacy.core.outbox.names import Queue


@click.command()
@click.option(
    "--queue",
    "queues",
    multiple=True,
    type=click.Choice([queue.value for queue in Queue]),
    help="Only these; once for each. Default: all, the most urgent first.",
)
def worker(queues: tuple[str, ...]) -> None:
    """Run jobs, one at a time."""
    installation = open_installation()
    installation.check()
    installation.close()
    chosen = tuple(queue for queue in Queue if not queues or queue.value in queues)
    sys.exit(run_worker(installation.settings, queues=chosen))
