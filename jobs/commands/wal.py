"""`silta backup wal …`: continuous archiving of the log of a PostgreSQL of one's own."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from jobs.commands.output import answer, as_json
from jobs.installation import Installation, open_installation
from jobs.yards import services_of
from privacy.backups.wal.archivers import read_archiver
from privacy.backups.wal.checks import in_region
from privacy.backups.wal.configs import (
    CONFIG,
    Cluster,
    backrest_config,
    cron_lines,
    new_passphrase,
    read_config,
    server_lines,
)
from privacy.backups.wal.defects import REMARKS, SAID
from privacy.backups.wal.look import Looked, look_at_log
from privacy.backups.wal.write import write_new
from privacy.core.errors import Misconfigured

_FILE = click.Path(path_type=Path)
_SOCKETS: Final = Path("/var/run/postgresql")
_SECRET_MODE, _PLAIN_MODE = 0o600, 0o644

data_folder = click.option(
    "--data-folder",
    "data",
    type=_FILE,
    required=True,
    help="The server's data directory, as in /var/lib/postgresql/15/main.",
)
sockets = click.option(
    "--socket-folder", "sockets", type=_FILE, default=_SOCKETS, help="Where its socket is."
)
file = click.option("--file", "config", type=_FILE, default=CONFIG, help="pgBackRest's file.")
owner = click.option(
    "--owner", default="postgres", help="The server's user on its host; owns the file."
)


@click.group()
def wal() -> None:
    """Archive the log of your own PostgreSQL with pgBackRest: minutes are lost, not a day."""


@wal.command("plan")
@data_folder
@sockets
@file
@owner
@as_json
def plan(data: Path, sockets: Path, config: Path, owner: str, as_json: bool) -> None:
    """Show what `configure` would write and what is to be set; change nothing."""
    installation = open_installation()
    cluster = _cluster(installation, data, sockets)
    in_region(installation.settings, services=services_of(installation))
    text = backrest_config(installation.settings, cluster, passphrase=None)
    told = _told(installation, cluster, config, owner)
    head = f"# {config}, mode 0600, owned by {owner}"
    answer(told.document | {"config": text}, head, text, *told.lines, as_json=as_json)


@wal.command("configure")
@data_folder
@sockets
@file
@owner
@click.option(
    "--server-file",
    type=_FILE,
    help="Write PostgreSQL's lines too, into this file: one in its conf.d.",
)
@click.option("--again", is_flag=True, help="Replace FILE, and keep its passphrase.")
@as_json
def configure(
    data: Path,
    sockets: Path,
    config: Path,
    owner: str,
    server_file: Path | None,
    again: bool,
    as_json: bool,
) -> None:
    """Write pgBackRest's file, with a new passphrase. Run it on the database's host, as root."""
    installation = open_installation()
    cluster = _cluster(installation, data, sockets)
    in_region(installation.settings, services=services_of(installation))
    passphrase = _kept(config) if again else new_passphrase()
    text = backrest_config(installation.settings, cluster, passphrase=passphrase)
    user = owner if os.geteuid() == 0 else None
    if server_file is not None and server_file.exists() and not again:
        raise Misconfigured(f"{server_file} exists already; nothing was changed.")
    told = _told(installation, cluster, config, owner)
    write_new(config, text, owner=user, mode=_SECRET_MODE, replace=again)
    if server_file is not None:
        lines = "".join(f"{line}\n" for line in told.server)
        write_new(server_file, lines, owner=user, mode=_PLAIN_MODE, replace=again)
    answer(
        told.document,
        f"{config} is written. Without its repo1-cipher-pass nothing is restored: put a copy "
        "into your safe, apart from the repository.",
        *told.lines,
        as_json=as_json,
    )


@wal.command("check")
@click.option("--data-folder", "data", type=_FILE, help="On the database's host: compare disks.")
@click.option("--file", "config", type=_FILE, help="On the database's host: look into it too.")
@as_json
def check(data: Path | None, config: Path | None, as_json: bool) -> None:
    """Whether the log is archived and can be restored from; exit 1 with a line for each defect."""
    installation = open_installation()
    services = services_of(installation)
    with installation.engines.owner.connect() as connection:
        found = look_at_log(
            connection, installation.settings, services=services, data=data, config=config
        )
    defects = [f"✗ {one.value}: {SAID[one]}" for one in found.defects]
    remarks = [f"! {one.value}: {REMARKS[one]}" for one in found.remarks]
    answer(_found(found), _state(found), *defects, *remarks, as_json=as_json)
    sys.exit(1 if found.defects else 0)


def _cluster(installation: Installation, data: Path, sockets: Path) -> Cluster:
    if not (data.is_absolute() and sockets.is_absolute()):
        raise Misconfigured("--data-folder and --socket-folder are absolute paths")
    with installation.engines.owner.connect() as connection:
        state = read_archiver(connection)
    return Cluster(data, sockets, state.port, state.wal_level)


def _kept(config: Path) -> str:
    passphrase = read_config(config).get("global", {}).get("repo1-cipher-pass")
    if not passphrase:
        raise Misconfigured(f"{config} has no repo1-cipher-pass to keep; nothing was changed.")
    return passphrase


@dataclass(frozen=True, slots=True)
class Told:
    """What is left to the operator."""

    config: Path
    stanza: str
    server: list[str]
    cron: list[str]

    @property
    def lines(self) -> list[str]:
        """For people."""
        restart, jobs = "# postgresql.conf, then a restart", "# /etc/cron.d/silta-wal"
        return [restart, *self.server, "", jobs, *self.cron]

    @property
    def document(self) -> dict[str, object]:
        """For scripts."""
        told = {"postgresql_conf": self.server, "cron": self.cron}
        return {"file": self.config, "stanza": self.stanza} | told


def _told(installation: Installation, cluster: Cluster, config: Path, owner: str) -> Told:
    settings = installation.settings
    server = server_lines(settings, cluster, config=config)
    return Told(
        config, settings.wal_stanza, server, cron_lines(settings, user=owner, config=config)
    )


def _state(found: Looked) -> str:
    newest = found.repository.backups[-1] if found.repository and found.repository.backups else None
    made = f"last backup {newest:%Y-%m-%d %H:%M}" if newest else "no backup seen"
    lag = found.archiver.lag.total_seconds()
    return f"The log is {lag:.0f} s behind, {found.archiver.failed} refusals so far; {made}."


def _found(found: Looked) -> dict[str, object]:
    repository = found.repository
    return {
        "well": not found.defects,
        "defects": {one.value: SAID[one] for one in found.defects},
        "remarks": {one.value: REMARKS[one] for one in found.remarks},
        "archive_mode": found.archiver.mode,
        "lag_seconds": round(found.archiver.lag.total_seconds()),
        "last_archived_at": found.archiver.last_archived_at,
        "failed": found.archiver.failed,
        "last_full": repository.fulls[-1] if repository and repository.fulls else None,
        "last_backup": repository.backups[-1] if repository and repository.backups else None,
        "encrypted": repository.encrypted if repository else None,
    }
