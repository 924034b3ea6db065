"""`silta simulate`: an outside system to develop against, on this machine."""

import signal
import sys
from types import FrameType

import click

from connector.simulators.netvisor.app import create_simulator
from connector.simulators.netvisor.desk import Desk
from connector.simulators.netvisor.faults import Fault, FaultName
from connector.simulators.netvisor.opening import open_desk
from connector.simulators.servers import LocalServer

_FAULTS = [name.value for name in FaultName]


@click.group()
def simulate() -> None:
    """Run a simulator of an outside system until stopped."""


@simulate.command()
@click.option("--port", default=8301, show_default=True, help="0 takes any free one.")
@click.option("--seed", default=1, show_default=True, help="The same seed, the same data and keys.")
@click.option("--customers", default=50, show_default=True, help="Customers to begin with.")
@click.option("--fault", "faults", multiple=True, type=click.Choice(_FAULTS),
              help="A fault for the first requests, one each; repeatable.")  # fmt: skip
@click.option("--zone", default="Europe/Helsinki", show_default=True,
              help="The zone of moments in queries.")  # fmt: skip
@click.option(
    "--overlap", is_flag=True, help="Let messages that overlap wait, rather than refuse them."
)
def netvisor(
    port: int, seed: int, customers: int, faults: tuple[str, ...], zone: str, overlap: bool
) -> None:
    """Simulate Netvisor: XML, signatures, one message at a time."""
    desk = open_desk(seed=seed, customers=customers, zone=zone, alone=not overlap)
    for name in faults:
        desk.faults.order(Fault(FaultName(name)))
    try:
        server = LocalServer(create_simulator(desk), port)
    except (OSError, SystemExit):
        raise click.ClickException(f"port {port} is in use: choose another with --port") from None
    signal.signal(signal.SIGTERM, _stop)
    for line in _welcome(server.url, desk):
        click.echo(line)
    sys.stdout.flush()
    server.serve()


def _welcome(url: str, desk: Desk) -> list[str]:
    keys = desk.keys
    return [
        f"Netvisor's simulator answers at {url}",
        f"  customer id      {keys.customer_id}",
        f"  customer key     {keys.customer_key}",
        f"  partner id       {keys.partner_id}",
        f"  partner key      {keys.partner_key}",
        f"  organisation id  {keys.organisation_id}",
        "  sender           any; language EN, FI or SE; MAC HMACSHA256, SHA256 or MD5",
        f"State: GET {url}/_control/state",
        f"Faults: POST {url}/_control/faults, JSON like"
        ' {"name": "lost_answer", "times": 1, "resource": "salesinvoice"}; DELETE ends them',
        f"  names: {', '.join(_FAULTS)}",
        "The keys open nothing but this simulator. Ctrl-C stops it.",
    ]


def _stop(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt
