"""`silta simulate`: an outside system to develop against, on this machine."""

import signal
import ssl
import sys
from collections.abc import Iterable
from pathlib import Path
from types import FrameType
from wsgiref.types import WSGIApplication

import click

from connector.providers.moontalk.ways import Paging, SignIn
from connector.simulators.certificates import local_tls
from connector.simulators.exchanges.exchange import FaultName as ExchangeFaultName
from connector.simulators.exchanges.exchange import Kind
from connector.simulators.exchanges.freeswitch import Encoding
from connector.simulators.microsoft.app import create_simulator as create_microsoft
from connector.simulators.microsoft.desk import Desk as MicrosoftDesk
from connector.simulators.microsoft.desk import open_desk as open_microsoft
from connector.simulators.microsoft.event_signing import with_authority
from connector.simulators.microsoft.faults import Fault as MicrosoftFault
from connector.simulators.microsoft.faults import FaultName as MicrosoftFaultName
from connector.simulators.moontalk.app import create_simulator as create_moontalk
from connector.simulators.moontalk.desk import open_desk as open_moontalk
from connector.simulators.moontalk.faults import Fault as MoontalkFault
from connector.simulators.moontalk.faults import FaultName as MoontalkFaultName
from connector.simulators.netvisor.app import create_simulator
from connector.simulators.netvisor.desk import Desk
from connector.simulators.netvisor.faults import Fault, FaultName
from connector.simulators.netvisor.opening import open_desk
from connector.simulators.servers import LocalServer
from jobs.commands.mail_servers import mailbox
from jobs.commands.ports import PORT
from jobs.commands.simulations import open_exchange, send_calls, welcome_to_moontalk

_FAULTS = [name.value for name in FaultName]


@click.group()
def simulate() -> None:
    """Run a simulator of an outside system until stopped."""


simulate.add_command(mailbox)


@simulate.command()
@click.option("--port", type=PORT, default=8301, show_default=True, help="0 takes any free one.")
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
    server = _server(create_simulator(desk), port)
    _serve(server, _welcome(server.url, desk))


@simulate.command()
@click.option("--port", type=PORT, default=8302, show_default=True, help="0 takes any free one.")
@click.option("--seed", default=1, show_default=True, help="The same seed, the same data and keys.")
@click.option("--customers", default=40, show_default=True, help="Customers to begin with.")
@click.option("--calls", default=60, show_default=True, help="Calls to begin with.")
@click.option("--direct", default=0, show_default=True, help="Calls by direct routing.")
@click.option("--token-seconds", default=3599, show_default=True, help="How long tokens last.")
@click.option("--no-changes", is_flag=True, help="Tell no changes of call records: lists only.")
@click.option("--fault", "faults", multiple=True,
              type=click.Choice([name.value for name in MicrosoftFaultName]),
              help="A fault for the first requests, one each; repeatable.")  # fmt: skip
@click.option("--tls-folder", default=Path("var/simulators"), show_default=True,
              type=click.Path(file_okay=False, path_type=Path),
              help="Where its certificates are kept.")  # fmt: skip
def microsoft(
    port: int,
    seed: int,
    customers: int,
    calls: int,
    direct: int,
    token_seconds: int,
    no_changes: bool,
    faults: tuple[str, ...],
    tls_folder: Path,
) -> None:
    """Simulate Microsoft: sign-in, Partner Center, Graph's calls, over TLS."""
    desk = open_microsoft(
        seed=seed,
        customers=customers,
        calls=calls,
        direct=direct,
        lasts=token_seconds,
        tells_changes=not no_changes,
    )
    for name in faults:
        desk.faults.order(MicrosoftFault(MicrosoftFaultName(name)))
    tls = local_tls(tls_folder)
    server = _server(create_microsoft(desk), port, tls.context)
    trusted = with_authority(tls, desk.events.signer)
    _serve(server, _welcome_to_microsoft(server.url, desk, trusted.resolve()))


@simulate.command()
@click.option("--port", type=PORT, default=8303, show_default=True, help="0 takes any free one.")
@click.option("--seed", default=1, show_default=True, help="The same seed, the same data and keys.")
@click.option("--calls", default=200, show_default=True, help="Calls to begin with.")
@click.option("--paging", default=Paging.CURSOR.value, show_default=True,
              type=click.Choice([each.value for each in Paging]),
              help="How pages follow each other.")  # fmt: skip
@click.option("--sign-in", default=SignIn.HEADER.value, show_default=True,
              type=click.Choice([each.value for each in SignIn]),
              help="How the key is sent.")  # fmt: skip
@click.option("--fault", "faults", multiple=True,
              type=click.Choice([name.value for name in MoontalkFaultName]),
              help="A fault for the first requests, one each; repeatable.")  # fmt: skip
def moontalk(
    port: int, seed: int, calls: int, paging: str, sign_in: str, faults: tuple[str, ...]
) -> None:
    """Simulate a Moontalk that is asked for its calls: JSON, pages, a key."""
    desk = open_moontalk(seed=seed, calls=calls, paging=Paging(paging), sign_in=SignIn(sign_in))
    for name in faults:
        desk.faults.order(MoontalkFault(MoontalkFaultName(name)))
    server = _server(create_moontalk(desk), port)
    _serve(server, welcome_to_moontalk(server.url, desk))


@simulate.command()
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in Kind]))
@click.option("--to", "url", required=True, help="The account's secret address.")
@click.option("--rate", default=1.0, show_default=True, type=click.FloatRange(0.01, 1000),
              help="Calls a second.")  # fmt: skip
@click.option("--count", default=0, show_default=True, type=click.IntRange(0),
              help="How many calls; 0: until stopped.")  # fmt: skip
@click.option("--seed", default=1, show_default=True, help="Whose calls they are.")
@click.option("--encoding", "encodings", multiple=True,
              type=click.Choice([each.value for each in Encoding]),
              help="FreeSWITCH's, in turn; all by default; repeatable.")  # fmt: skip
@click.option("--token", default="", help="Twilio's auth token.", envvar="SILTA_SIMULATED_TOKEN")
@click.option("--fault", "faults", multiple=True,
              type=click.Choice([name.value for name in ExchangeFaultName]),
              help="What goes wrong with every call; repeatable.")  # fmt: skip
def exchange(
    kind: str,
    url: str,
    rate: float,
    count: int,
    seed: int,
    encodings: tuple[str, ...],
    token: str,
    faults: tuple[str, ...],
) -> None:
    """Simulate a telephone exchange that sends its calls to an account's address."""
    made = open_exchange(kind, url, encodings=encodings, token=token, faults=faults)
    signal.signal(signal.SIGTERM, _stop)
    for line in send_calls(made, seed=seed, rate=rate, count=count):
        click.echo(line)
    if not made.sender.taken:
        click.echo("silta: nothing arrived: is this the account's whole address?", err=True)
        sys.exit(1)


def _server(app: WSGIApplication, port: int, tls: ssl.SSLContext | None = None) -> LocalServer:
    try:
        return LocalServer(app, port, tls=tls)
    except OSError:
        raise click.ClickException(f"port {port} is in use: choose another with --port") from None


def _serve(server: LocalServer, lines: Iterable[str]) -> None:
    signal.signal(signal.SIGTERM, _stop)
    for line in lines:
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


def _welcome_to_microsoft(url: str, desk: MicrosoftDesk, authority: Path) -> list[str]:
    keys, names = desk.keys, ", ".join(name.value for name in MicrosoftFaultName)
    return [
        f"Microsoft's simulator answers at {url}",
        f"  tenant id        {keys.tenant_id}",
        f"  client id        {keys.client_id}",
        f"  client secret    {keys.client_secret}",
        f"  refresh token    {keys.refresh_token}",
        f"Its certificates are of the authorities in {authority}",
        f"  SILTA_OUTBOUND_CA_FILE={authority} lets Silta trust it, in development only",
        f"State: GET {url}/_control/state",
        f'A call, told to who watches: POST {url}/_control/calls, JSON like {{"version": 1}}',
        f"Events of Partner Center: POST {url}/_control/events, JSON like"
        ' {"name": "subscription-updated"}',
        f'Watching: POST {url}/_control/lifecycle, JSON like {{"event": "missed"}}',
        f"End all tokens: DELETE {url}/_control/tokens",
        f"Faults: POST {url}/_control/faults, JSON like"
        ' {"name": "429", "times": 1, "resource": "customers"}; DELETE ends them',
        f"  names: {names}",
        "The keys open nothing but this simulator. Ctrl-C stops it.",
    ]


def _stop(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt
