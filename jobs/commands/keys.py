"""`silta keys …`: the key ring from the operator's side."""

import uuid
from pathlib import Path

import click

from jobs.commands.output import answer, as_json
from jobs.installation import Installation, open_installation
from privacy.backups.escrowed import bring_signing_key
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM, unit_of_work
from privacy.core.errors import Misconfigured
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.epochs import Step, advance_epoch, refill_escrow
from privacy.vault.reseals import find_dependants, reseal_tenant
from privacy.vault.restores import restore_from_escrow
from privacy.vault.roots import add_root_version, create_root_file, drop_old_roots
from privacy.vault.rotations import (
    latest_version,
    rotate_root,
    rotate_tenant,
    set_floors,
    trim_versions,
)
from tenants.tenants.list import require_tenant


@click.group()
def keys() -> None:
    """Root, epoch and tenant keys."""


@keys.command("create-root")
@click.argument("path", type=click.Path(path_type=Path))
def create_root(path: Path) -> None:
    """Make a root key file (mode 0600). Keep a copy in a safe, apart from every backup."""
    create_root_file(path)
    click.echo(f"{path} was made. Put a copy into a safe: without it nothing can be opened.")


@keys.command("check")
@as_json
def check(as_json: bool) -> None:
    """Whether root key, key port, escrow and database belong together."""
    installation = open_installation()
    installation.check()
    installation.custody.escrow.check()
    answer({"keys": "ok"}, "Keys, escrow and database belong together.", as_json=as_json)


@keys.command("advance")
@as_json
def advance(as_json: bool) -> None:
    """Begin a new epoch now: everything destroyed until now ends in old copies too."""
    installation = open_installation()
    installation.check()
    epoch = advance_epoch(
        installation.engines.keeper, installation.custody, on_step=_shown(as_json)
    )
    _say(installation, Event.EPOCH_ADVANCED, epoch=epoch)
    answer({"epoch": epoch}, f"Epoch {epoch} has begun.", as_json=as_json)


@keys.command("add-root")
def add_root() -> None:
    """First step of a new root key: put a new version beside the old one."""
    path = _root_file(open_installation())
    roots = add_root_version(path)
    click.echo(
        f"{path} now holds version {roots.current} too. Restart every process, then run "
        "`silta keys rotate-root`, then `silta keys drop-old-roots`."
    )


@keys.command("rotate-root")
@as_json
def rotate_root_key(as_json: bool) -> None:
    """Second step: wrap everything under the newest root key. Harmless when repeated."""
    installation = open_installation()
    count = rotate_root(installation.custody) + installation.reseal_signing_key()
    _say(installation, Event.ROOT_ROTATED, count=count)
    answer({"rewrapped": count}, f"{count} keys were wrapped anew.", as_json=as_json)


@keys.command("drop-old-roots")
@click.confirmation_option(prompt="Was `silta keys rotate-root` run on every host?")
def drop_roots() -> None:
    """Last step: forget older root keys."""
    installation = open_installation()
    rotate_root(installation.custody)
    installation.reseal_signing_key()
    roots = drop_old_roots(_root_file(installation))
    click.echo(f"Only version {roots.current} is left.")


@keys.command("rotate-tenant")
@click.argument("tenant_id", type=click.UUID)
@as_json
def rotate_tenant_key(tenant_id: uuid.UUID, as_json: bool) -> None:
    """Give a tenant a new key version and re-seal what older ones sealed; nobody has to stop."""
    installation = open_installation()
    if tenant_id != INSTALLATION_ID:
        with installation.desk.installation(SYSTEM) as work:
            require_tenant(work, tenant_id)
    version = rotate_tenant(installation.engines.keeper, installation.custody, tenant_id=tenant_id)
    with unit_of_work(installation.engines.app, tenant_id=tenant_id, actor=SYSTEM) as work:
        record(work, Event.TENANT_KEY_ROTATED, subject=tenant_id, facts={"version": version})
    count = _reseal(installation, tenant_id, as_json=as_json)
    line = f"Version {version} seals from now on; {count} values were sealed anew."
    answer({"version": version, "resealed": count}, line, as_json=as_json)


@keys.command("reseal")
@click.argument("tenant_id", type=click.UUID)
@as_json
def reseal(tenant_id: uuid.UUID, as_json: bool) -> None:
    """Go on with a re-sealing that was interrupted."""
    count = _reseal(open_installation(), tenant_id, as_json=as_json)
    answer({"resealed": count}, f"{count} values were sealed anew.", as_json=as_json)


@keys.command("trim-tenant")
@click.argument("tenant_id", type=click.UUID)
@as_json
def trim_tenant(tenant_id: uuid.UUID, as_json: bool) -> None:
    """Destroy the tenant's key versions that nothing is sealed under any more."""
    installation = open_installation()
    keeper = installation.engines.keeper
    needed = find_dependants(installation.engines.app, tenant_id=tenant_id)
    with keeper.begin() as connection:
        least = min(needed, default=latest_version(connection, tenant_id))
    set_floors(keeper, tenant_id=tenant_id, min_open=least, min_seal=least)
    gone = trim_versions(keeper, tenant_id=tenant_id, min_available=least, dependants=needed)
    with unit_of_work(installation.engines.app, tenant_id=tenant_id, actor=SYSTEM) as work:
        facts = {"count": gone, "below": least}
        record(work, Event.KEY_DESTROYED, subject=tenant_id, facts=facts)
    answer({"destroyed": gone}, f"{gone} old versions were destroyed.", as_json=as_json)


def _reseal(installation: Installation, tenant_id: uuid.UUID, *, as_json: bool) -> int:
    def show(name: str, count: int) -> None:
        if not as_json:
            click.echo(f"  {name}: {count}")

    engine = installation.engines.app
    return reseal_tenant(engine, installation.vault, tenant_id=tenant_id, on_progress=show)


@keys.command("restore")
@click.confirmation_option(prompt="Put the key ring back as escrow has it?")
@as_json
def restore(as_json: bool) -> None:
    """After a failover or a restored database: the key ring always comes from escrow."""
    installation = open_installation()
    bundles, folder = installation.custody.escrow.bundles, installation.settings.keys_folder
    bring_signing_key(bundles, folder)
    back = restore_from_escrow(installation.engines.keeper, installation.custody)
    _say(installation, Event.ESCROW_RESTORED, epoch=back.epoch, count=back.keys)
    document = {"epoch": back.epoch, "keys": back.keys}
    line = f"{back.keys} keys are on the ring again. Run `silta retention run` next."
    answer(document, line, as_json=as_json)


@keys.command("escrow")
@as_json
def escrow(as_json: bool) -> None:
    """Fill escrow anew from key port and database, when its folders were lost or moved."""
    installation = open_installation()
    count = refill_escrow(installation.engines.keeper, installation.custody)
    installation.check()
    _say(installation, Event.ESCROW_WRITTEN, count=count)
    answer({"keys": count}, f"Escrow holds {count} keys again.", as_json=as_json)


def _root_file(installation: Installation) -> Path:
    path = installation.settings.root_key_file
    if path is None:
        raise Misconfigured("The root key is in SILTA_ROOT_KEY: change it where that is set.")
    return path


def _shown(as_json: bool) -> "StepShown":
    return StepShown(silent=as_json)


class StepShown:
    """Shows each durable step of an epoch once."""

    def __init__(self, *, silent: bool) -> None:
        self._silent = silent
        self._last: Step | None = None

    def __call__(self, step: Step) -> None:
        if step is not self._last and not self._silent:
            click.echo(f"  {step.value}")
        self._last = step


def _say(installation: Installation, event: Event, **facts: int) -> None:
    with unit_of_work(installation.engines.app, tenant_id=INSTALLATION_ID, actor=SYSTEM) as work:
        record(work, event, facts=facts)
