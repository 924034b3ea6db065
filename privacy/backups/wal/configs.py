"""What pgBackRest, PostgreSQL and cron are told: text, and nothing is written here.

Options are those of pgBackRest 2.39 and newer (pgbackrest.org/configuration.html).
"""

import re
import secrets
from configparser import ConfigParser
from configparser import Error as Unreadable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from privacy.backups.wal.places import repository_lines
from privacy.core.errors import Misconfigured
from privacy.core.settings import Settings

CONFIG: Final = Path("/etc/pgbackrest.conf")
"""Where pgBackRest looks by itself."""
CIPHER: Final = "aes-256-cbc"
MOST_SECONDS: Final = 60
"""After so long what was committed is handed over, however little it is."""
_WEEK: Final = 7
_LEAST_DAYS: Final = 3
_PLAIN_PATH: Final = re.compile(r"/[A-Za-z0-9._/-]*")
_USER: Final = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
_HIDDEN: Final = "(made by `silta backup wal configure`)"


@dataclass(frozen=True, slots=True)
class Cluster:
    """The server whose log is archived: its folders on its own host, and its port."""

    data: Path
    sockets: Path
    port: int
    wal_level: str = "replica"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Full backups each `full_days` days, which are kept as complete for `keep_days` days.

    pgBackRest lets go of a full backup when the next one is `keep_days` old, and looks when it
    has made one. So the oldest copy of a row is gone after full_days + keep_days + 1 days, which
    is what the profiles promise.
    """

    full_days: int
    keep_days: int

    @classmethod
    def within(cls, days: int) -> "Rhythm":
        """What keeps no copy longer than `days`. Raises Misconfigured."""
        if days < _LEAST_DAYS:
            raise Misconfigured("SILTA_BACKUP_KEEP_DAYS is too short for the log: 3 at least")
        full = _WEEK if days >= 2 * _WEEK else 1
        return cls(full, days - full - 1)


def new_passphrase() -> str:
    """A passphrase for the repository, of 288 bits."""
    return secrets.token_urlsafe(36)


def backrest_config(settings: Settings, cluster: Cluster, *, passphrase: str | None) -> str:
    """pgbackrest.conf; without a passphrase as it is shown: no secret is in it.

    Raises:
        Misconfigured: one line that says what to change.
    """
    shown = passphrase is None
    rhythm = Rhythm.within(settings.backup_keep_days)
    whole = repository_lines(settings, shown=shown) | {
        "repo1-cipher-type": CIPHER,
        "repo1-cipher-pass": passphrase or _HIDDEN,
        "repo1-retention-full-type": "time",
        "repo1-retention-full": str(rhythm.keep_days),
        "repo1-retention-history": str(settings.backup_keep_days),
        "repo1-bundle": "y",
        "compress-type": "zst",
        "start-fast": "y",
        "process-max": "2",
        "log-level-console": "warn",
        "log-level-file": "off",
    }
    here = {
        "pg1-path": str(cluster.data),
        "pg1-port": str(cluster.port),
        "pg1-socket-path": str(cluster.sockets),
    }
    return _section("global", whole) + "\n" + _section(settings.wal_stanza, here)


def archive_command(stanza: str, config: Path = CONFIG) -> str:
    """What PostgreSQL runs for each segment. Raises Misconfigured."""
    return f"pgbackrest{_named(config)} --stanza={stanza} archive-push %p"


def server_lines(settings: Settings, cluster: Cluster, *, config: Path = CONFIG) -> list[str]:
    """Lines for postgresql.conf; archive_mode needs a restart."""
    command = archive_command(settings.wal_stanza, config)
    level = cluster.wal_level if cluster.wal_level == "logical" else "replica"
    return [
        f"wal_level = {level}",
        "archive_mode = on",
        f"archive_command = '{command}'",
        f"archive_timeout = {MOST_SECONDS}",
    ]


def cron_lines(settings: Settings, *, user: str, config: Path = CONFIG) -> list[str]:
    """Lines for /etc/cron.d: full and differential backups; each lets go of what is over.

    Raises:
        Misconfigured: a user or a path that cron would read as something else.
    """
    if not _USER.fullmatch(user):
        raise Misconfigured("--owner is the name of a user of the database's host")
    program = f"pgbackrest{_named(config)} --stanza={settings.wal_stanza}"
    if Rhythm.within(settings.backup_keep_days).full_days == 1:
        return [f"17 2 * * * {user} {program} --type=full backup"]
    return [
        f"17 2 * * 0 {user} {program} --type=full backup",
        f"17 2 * * 1-6 {user} {program} --type=diff backup",
    ]


def read_config(path: Path) -> dict[str, dict[str, str]]:
    """The sections of a pgbackrest.conf. Raises Misconfigured."""
    parser = ConfigParser(interpolation=None, delimiters=("=",), strict=False)
    try:
        parser.read_string(path.read_text())
    except OSError as error:
        raise Misconfigured(f"{path} cannot be read: {error.strerror}.") from None
    except (Unreadable, UnicodeError):
        raise Misconfigured(f"{path} is no configuration of pgBackRest.") from None
    return {name: dict(parser[name]) for name in parser.sections()}


def _named(config: Path) -> str:
    """For a shell, within quotes of PostgreSQL's and where PostgreSQL and cron replace %."""
    if not _PLAIN_PATH.fullmatch(str(config)):
        raise Misconfigured("--file is an absolute path of letters, digits and . _ - alone")
    return "" if config == CONFIG else f" --config={config}"


def _section(name: str, lines: dict[str, str]) -> str:
    for option, value in lines.items():
        if not value.isprintable():
            raise Misconfigured(f"The value for {option} has characters that no line may have")
    return f"[{name}]\n" + "".join(f"{option}={value}\n" for option, value in lines.items())
