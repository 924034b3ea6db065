"""What can be wrong with the archiving of the log, each with a word for scripts and one line."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Defect(StrEnum):
    """Each thing that an operator has to mend."""

    OFF = "off"
    COMMAND = "command"
    TIMEOUT = "timeout"
    FAILING = "failing"
    LATE = "late"
    UNSEEN = "unseen"
    NO_BACKUP = "no_backup"
    OVERDUE = "overdue"
    KEPT = "kept"
    PLAIN = "plain"
    ABROAD = "abroad"
    KEYS_BESIDE = "keys_beside"
    CONFIG = "config"


SERVERS: Final = frozenset({Defect.OFF, Defect.COMMAND, Defect.TIMEOUT, Defect.LATE})
"""What an hourly look tells of the server. One refusal is tried again within seconds: it counts
when segments wait."""

SAID: Final = MappingProxyType(
    {
        Defect.OFF: "archive_mode is off, or wal_level is minimal: nothing is archived. Put in the "
        "lines of `silta backup wal plan` and restart PostgreSQL.",
        Defect.COMMAND: "archive_command is not that of `silta backup wal plan`: see that it "
        "hands segments to pgBackRest.",
        Defect.TIMEOUT: "archive_timeout is more than a minute, or none: in a quiet hour that much "
        "is lost.",
        Defect.FAILING: "The last segment was refused: PostgreSQL's log says why.",
        Defect.LATE: "Segments wait too long to be archived: what they hold is on one disk only.",
        Defect.UNSEEN: "The repository could not be looked into.",
        Defect.NO_BACKUP: "The repository holds no whole backup: the log alone restores nothing. "
        "Run `pgbackrest --type=full backup`.",
        Defect.OVERDUE: "No backup was made in time: is cron running on the database's host?",
        Defect.KEPT: "A backup whose time is over is still in the repository: "
        "run `pgbackrest expire`.",
        Defect.PLAIN: "The repository is not encrypted.",
        Defect.ABROAD: "The repository is not where a profile says that data stays.",
        Defect.KEYS_BESIDE: "Keys or escrow lie within the repository or the data directory, or "
        "the repository within those: copies would open what was destroyed.",
        Defect.CONFIG: "pgBackRest's configuration is not that of `silta backup wal plan`.",
    }
)


class Remark(StrEnum):
    """What is no defect by itself, and better known."""

    SAME_DISK = "same_disk"
    SAME_HOST = "same_host"


REMARKS: Final = MappingProxyType(
    {
        Remark.SAME_DISK: "The repository is on the database's own disk: lost together.",
        Remark.SAME_HOST: "The repository is on this host: if that is the database's, both are "
        "lost together.",
    }
)
