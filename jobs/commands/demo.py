"""`silta demo`: calls that happen now, sent to the API like those of any integration; and the
systems that the demo tenant is connected to."""

import os
import signal
import sys
import threading
from datetime import timedelta

import click
import httpx
import msgspec
import pyotp

from connector.simulators.certificates import local_tls
from jobs.demo.memory import TLS_FOLDER, DemoMemory, memory_path
from jobs.demo.paying import remember_payer
from jobs.demo.sample_calls import sample_call
from jobs.demo.simulators import run_simulators
from jobs.installation import Installation, open_installation
from privacy.core import clock
from privacy.core.errors import Misconfigured
from privacy.core.logs import get_log
from tenants.totp.codes import authenticator_time

_log = get_log("demo")
_EVERY_SECONDS = 15.0


@click.group(invoke_without_command=True)
@click.pass_context
def demo(context: click.Context) -> None:
    """Send sample calls of the demo tenant until stopped."""
    if context.invoked_subcommand is None:
        installation = open_installation()
        try:
            sys.exit(_feed(installation, _memory()))
        finally:
            installation.close()


@demo.command("code")
def code() -> None:
    """One-time codes of this moment: the demo tenant's owner's, and the operator's."""
    memory = _memory()
    for name, secret in (("owner", memory.owner_secret), ("operator", memory.operator_secret)):
        if secret:
            click.echo(f"{name} {pyotp.TOTP(secret).at(authenticator_time())}")


@demo.command("simulators")
def simulators() -> None:
    """Run the simulators to which the demo tenant's systems are connected."""
    path, memory = memory_path(), _memory()
    # The certificate is made by this machine's clock; everything else lives in the demo's time.
    local_tls(path.parent / TLS_FOLDER)
    clock.set_offset(timedelta(days=int(os.environ.get("SILTA_CLOCK_DAYS") or 0)))
    run_simulators(memory, path.parent / TLS_FOLDER)


def _memory() -> DemoMemory:
    path = memory_path()
    if not path.exists():
        raise Misconfigured(f"There is no demo here ({path}): start it with `make run`.")
    return DemoMemory.load(path)


def _feed(installation: Installation, memory: DemoMemory) -> int:
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    headers = {"Authorization": f"Bearer {memory.api_key}", "Content-Type": "application/json"}
    with httpx.Client(base_url=_address(), headers=headers, timeout=10) as client:
        while not over.wait(_EVERY_SECONDS):
            _send(client, memory)
            remember_payer(installation, memory, memory_path())
    return 0


def _send(client: httpx.Client, memory: DemoMemory) -> None:
    call = msgspec.structs.replace(sample_call(clock.now()), account=memory.account_id)
    call = msgspec.structs.replace(call, answered_at=None, ended_at=None)
    try:
        answer = client.post("/api/v1/calls", content=msgspec.json.encode([call]))
        if answer.is_error:
            _log.warning("demo call refused", status=answer.status_code)
    except httpx.HTTPError as error:
        _log.warning("demo call not sent", error=type(error).__name__)


def _address() -> str:
    return f"http://{os.environ.get('SILTA_BIND', '127.0.0.1:8000')}"
