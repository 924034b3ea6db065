"""`silta scheduler`: the process that rings jobs."""

import sys

import click

from jobs.installation import open_installation
from jobs.scheduler import run_scheduler
from jobs.tickers import installation_ticks


@click.command()
def scheduler() -> None:
    """Ring jobs, keep the schedule, chain the ledger."""
    installation = open_installation()
    installation.check()
    # Where destroyed keys live on, nothing is ever destroyed: better not begin (attack 9).
    installation.custody.escrow.check()
    ticks = installation_ticks(installation)
    sys.exit(run_scheduler(installation.settings, engines=installation.engines, ticks=ticks))
