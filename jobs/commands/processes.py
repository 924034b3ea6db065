"""`silta web`, `worker`, `scheduler`: the processes of an installation."""

import sys

import click

from jobs.edge.limits import Limits
from jobs.installation import open_installation
from jobs.scheduler import run_scheduler
from jobs.tickers import installation_ticks
from jobs.web_server import make_server
from jobs.worker import run_worker
from privacy.core.errors import Misconfigured


@click.command()
@click.option("--workers", default=1, show_default=True, help="Web processes.")
def web(workers: int) -> None:
    """Serve console, API and exchanges."""
    installation = open_installation()
    installation.check()
    host, port = _address(installation.settings.bind)
    limits = Limits(threads=installation.settings.web_threads)
    installation.close()
    server = make_server("wsgi:create", host=host, port=port, workers=workers, limits=limits)
    server.serve()


@click.command()
def worker() -> None:
    """Run jobs."""
    installation = open_installation()
    installation.check()
    installation.close()
    sys.exit(run_worker(installation.settings))


@click.command()
def scheduler() -> None:
    """Ring jobs, keep the schedule, chain the ledger."""
    installation = open_installation()
    installation.check()
    # Where destroyed keys live on, nothing is ever destroyed: better not begin (attack 9).
    installation.custody.escrow.check()
    ticks = installation_ticks(installation)
    sys.exit(run_scheduler(installation.settings, engines=installation.engines, ticks=ticks))


def _address(bind: str) -> tuple[str, int]:
    host, _, port = bind.rpartition(":")
    if not host or not port.isdigit():
        raise Misconfigured("SILTA_BIND must read host:port, as in 127.0.0.1:8000")
    return host.strip("[]"), int(port)
