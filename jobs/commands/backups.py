"""`silta backup …`: archives; `silta restore`: bring one back."""

import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

import click

from jobs.commands.output import answer, as_json
from jobs.commands.wal import wal
from jobs.installation import Installation, open_installation
from jobs.yards import finish, yard_of
from migrations.run import known_revisions, migrate
from privacy.backups.depots import Depot
from privacy.backups.errors import RestoreFailed
from privacy.backups.escrowed import bring_signing_key
from privacy.backups.homes import is_open, last_moment, restored_archive
from privacy.backups.regions import check_region
from privacy.backups.restore import Target, restore_archive
from privacy.backups.run import run_backup
from privacy.backups.seals import make_identity, read_identities
from privacy.backups.shelves import Shelved
from privacy.backups.tidy import delete_archives, expired
from privacy.core import clock
from privacy.core.errors import Misconfigured

_FILE = click.Path(path_type=Path)


@click.group()
def backup() -> None:
    """Encrypted archives in the off-site store."""


backup.add_command(wal)


@backup.command("create-key")
@click.argument("path", type=_FILE)
@as_json
def create_key(path: Path, as_json: bool) -> None:
    """Make an age key pair; PATH gets the private half (0600). Keep it off web and worker hosts."""
    if path.exists():
        raise Misconfigured(f"{path} exists already; nothing was changed.")
    try:
        public = make_identity(path)
    except OSError as error:
        raise Misconfigured(f"{path} cannot be written: {error.strerror}.") from None
    lines = (
        f"Public key: {public}",
        "For this installation's archives put it into SILTA_BACKUP_RECIPIENTS; for a tenant's "
        f"export name it there. Put the file {path} into a safe: nothing else opens them.",
    )
    answer({"public_key": public}, *lines, as_json=as_json)


@backup.command("run")
@as_json
def run(as_json: bool) -> None:
    """Make an archive now, and delete those whose time is over."""
    installation = open_installation()
    installation.check()
    made = run_backup(yard_of(installation), force=True)
    assert made is not None  # noqa: S101 - it was forced
    answer(_document(made), _line(made), as_json=as_json)


@backup.command("list")
@as_json
def list_(as_json: bool) -> None:
    """What is in the store, newest first, each manifest verified."""
    shelf = _depot(open_installation()).shelf()
    newest = [*reversed(shelf.archives)]
    lines = [_line(one) for one in newest]
    lines += [f"{one}  refused: {why}" for one, why in shelf.refused.items()]
    lines += [f"{len(shelf.orphans)} unfinished"] if shelf.orphans else []
    document = {
        "archives": [_document(one) for one in newest],
        "refused": {str(one): why for one, why in shelf.refused.items()},
        "unfinished": len(shelf.orphans),
    }
    answer(document, *(lines or ["The store holds no archive."]), as_json=as_json)
    sys.exit(1 if shelf.refused else 0)


@backup.command("sweep")
@as_json
def sweep(as_json: bool) -> None:
    """Delete archives whose time is over, for a host whose key may delete."""
    depot = _depot(open_installation())
    old = expired(depot.shelf(), now=clock.now(), keep=depot.keep)
    gone = delete_archives(depot.store, old)
    kept = len(old) - len(gone)
    line = f"{len(gone)} archives were deleted, {kept} may not be deleted with this key."
    answer({"deleted": gone, "denied": kept}, line, as_json=as_json)


@backup.command("check")
@as_json
def check(as_json: bool) -> None:
    """Whether store, keys and country are as they must be; makes no archive."""
    installation = open_installation()
    yard = yard_of(installation)
    country = check_region(yard.settings, services=yard.services)
    recipients = len(yard.depot.recipients)
    shelf = yard.depot.shelf()
    document = {"country": country, "recipients": recipients, "archives": len(shelf.archives)}
    place = country or f"{yard.settings.backup_store}, a folder of this machine"
    count, keys = _counted(len(shelf.archives), "archive"), _counted(recipients, "key")
    line = f"{count} in {place}; sealed for {keys}."
    answer(document, line, as_json=as_json)


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


@click.command()
@click.option("--archive", "archive_id", type=click.UUID, help="Default: the newest.")
@click.option("--identity", type=_FILE, help="File with the private age key.")
@click.option("--folder", type=_FILE, help="Where there is room for the encrypted archive.")
@click.option("--finish", "only_finish", is_flag=True, help="The database is restored; go on.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%dT%H:%M"]),
    help="With --finish: erasures since then (UTC) are done again. Default: the latest moment "
    "that the database has seen.",
)
@as_json
def restore(
    archive_id: uuid.UUID | None,
    identity: Path | None,
    folder: Path | None,
    only_finish: bool,
    since: datetime | None,
    as_json: bool,
) -> None:
    """Restore onto an empty database, do again what was erased since, then open it."""
    installation = open_installation()
    show = Shown(silent=as_json)
    bring_signing_key(installation.custody.escrow.bundles, installation.settings.keys_folder)
    depot = None
    if not only_finish:
        depot = _depot(installation)
        _pour(installation, depot, archive_id, identity, folder, show)
    elif installation.settings.backup_store is not None:
        depot = _depot(installation)
    if is_open(installation.engines.app):
        raise RestoreFailed("This database is open already; nothing was changed.")
    migrate(installation.engines.owner)
    done = finish(
        installation,
        archive_id=archive_id or restored_archive(installation.engines.app),
        since=since.replace(tzinfo=UTC) if since else last_moment(installation.engines.app),
        depot=depot,
        on_step=show,
    )
    document = {"keys": done.keys, "days": done.days, "erased": done.erased, "chains": done.chains}
    answer(document, "The database is open. Start web, worker and scheduler.", as_json=as_json)


class Shown:
    """Shows each step, unless a script listens."""

    def __init__(self, *, silent: bool) -> None:
        self._silent = silent

    def __call__(self, step: str) -> None:
        if not self._silent:
            click.echo(f"  {step}")


def _pour(
    installation: Installation,
    depot: Depot,
    archive_id: uuid.UUID | None,
    identity: Path | None,
    folder: Path | None,
    show: Shown,
) -> None:
    settings = installation.settings
    if settings.owner_database_url is None:
        raise Misconfigured("SILTA_OWNER_DATABASE_URL is not set, and restoring needs it")
    restore_archive(
        Target(installation.engines.owner, settings.owner_database_url, folder=folder),
        depot,
        installation.custody,
        read_identities(identity),
        revisions=known_revisions(),
        archive_id=archive_id,
        on_step=show,
    )


def _depot(installation: Installation) -> Depot:
    return Depot.of(installation.settings, installation.identity)


def _document(one: Shelved) -> dict[str, object]:
    made = one.manifest
    return {
        "archive_id": made.archive_id,
        "number": made.number,
        "snapshot_at": made.snapshot_at,
        "bytes": made.size,
        "rows": made.rows,
        "revision": made.revision,
    }


def _line(one: Shelved) -> str:
    made = one.manifest
    size = made.size / 1e6
    return (
        f"{made.archive_id}  no. {made.number}  {made.snapshot_at:%Y-%m-%d %H:%M} UTC  "
        f"{made.rows} rows  {size:.1f} MB"
    )
