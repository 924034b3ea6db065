"""`silta web`: the process that serves."""

import click

from jobs.edge.limits import Limits
from jobs.installation import open_installation
from jobs.web_server import make_server
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


def _address(bind: str) -> tuple[str, int]:
    host, _, port = bind.rpartition(":")
    if not host or not port.isdigit():
        raise Misconfigured("SILTA_BIND must read host:port, as in 127.0.0.1:8000")
    return host.strip("[]"), int(port)
