"""The outside systems of the demo: simulators on this machine, on ports that stay the same."""

import signal
import socket
import threading
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from connector.simulators.certificates import local_tls
from connector.simulators.microsoft.app import create_simulator as create_microsoft
from connector.simulators.microsoft.desk import open_desk as open_microsoft
from connector.simulators.microsoft.keys import Keys as MicrosoftKeys
from connector.simulators.moontalk.app import create_simulator as create_moontalk
from connector.simulators.moontalk.desk import PATH, key_of
from connector.simulators.moontalk.desk import open_desk as open_moontalk
from connector.simulators.netvisor.app import create_simulator as create_netvisor
from connector.simulators.netvisor.keys import Keys as NetvisorKeys
from connector.simulators.netvisor.opening import open_desk as open_netvisor
from connector.simulators.servers import HOST, LocalServer
from jobs.demo.memory import DemoMemory
from privacy.core import clock
from privacy.core.errors import Misconfigured

SEED: Final = 7
NETVISOR, MICROSOFT, MOONTALK, HOOKS = "netvisor", "microsoft", "moontalk", "hooks"
USUAL: Final = {NETVISOR: 8301, MICROSOFT: 8302, MOONTALK: 8303, HOOKS: 8304}
"""Ports, where they are free."""


def choose_ports(memory: DemoMemory) -> bool:
    """Ports that are free now: those of the last time, the usual ones, or any. True: some moved."""
    before = dict(memory.ports)
    for name, usual in USUAL.items():
        memory.ports[name] = _free(memory.ports.get(name, usual), besides=memory.ports.values())
    return bool(before) and before != memory.ports


def addresses(memory: DemoMemory) -> list[str]:
    """`host:port` of each."""
    return [f"{HOST}:{port}" for port in memory.ports.values()]


def credential_of(name: str, memory: DemoMemory) -> Mapping[str, str]:
    """What a person would enter for one of them."""
    port = memory.ports[name]
    if name == NETVISOR:
        keys = NetvisorKeys.of(SEED)
        return {
            "organisation_id": keys.organisation_id,
            "customer_id": keys.customer_id,
            "customer_key": keys.customer_key,
            "partner_id": keys.partner_id,
            "partner_key": keys.partner_key,
            "base_url": f"http://{HOST}:{port}",
        }
    if name == MICROSOFT:
        entra = MicrosoftKeys.of(SEED)
        return {
            "tenant_id": entra.tenant_id,
            "client_id": entra.client_id,
            "client_secret": entra.client_secret,
            "base_url": f"https://{HOST}:{port}",
        }
    return {"base_url": f"http://{HOST}:{port}", "path": PATH, "key": key_of(SEED)}


def hook_url(memory: DemoMemory) -> str:
    """Where the demo's events go."""
    return f"http://{HOST}:{memory.ports[HOOKS]}/events"


def run_simulators(memory: DemoMemory, folder: Path) -> None:
    """Answer until stopped. The books are those of the demo's first start, whenever it is.

    Args:
        folder: where the authority of `https://127.0.0.1` is kept.

    Raises:
        Misconfigured: a port was taken meanwhile.
    """
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    tls = local_tls(folder).context
    begun = memory.begun_at or clock.now()
    with ExitStack() as servers:
        for name, app in _applications(begun).items():
            try:
                server = LocalServer(
                    app, memory.ports[name], tls=tls if name == MICROSOFT else None
                )
            except (OSError, SystemExit):
                raise Misconfigured(f"Port {memory.ports[name]} was taken. Start again.") from None
            servers.enter_context(server)
        over.wait()


def _applications(begun: datetime) -> dict[str, WSGIApplication]:
    netvisor = open_netvisor(seed=SEED, customers=60, now=lambda: begun)
    microsoft = open_microsoft(seed=SEED, customers=40, calls=0, now=lambda: begun)
    moontalk = open_moontalk(seed=SEED, calls=120, now=lambda: begun)
    netvisor.now = moontalk.now = clock.now
    return {
        NETVISOR: create_netvisor(netvisor),
        MICROSOFT: create_microsoft(microsoft),
        MOONTALK: create_moontalk(moontalk),
        HOOKS: _take_events,
    }


def _take_events(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """An endpoint that takes every event."""
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("204 No Content", [])
    return []


def _free(port: int, *, besides: Iterable[int]) -> int:
    for wanted in (port, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, wanted))
            except OSError:
                continue
            found = int(probe.getsockname()[1])
            if wanted or found not in besides:
                return found
    raise Misconfigured("No port of this machine is free for the simulators.")
