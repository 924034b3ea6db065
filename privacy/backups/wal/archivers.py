"""What a server says of archiving its log: how it is set, and how far behind it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, text

_STATE = text(
    "SELECT current_setting('archive_mode') AS mode, current_setting('wal_level') AS wal_level, "
    "current_setting('archive_command') AS command, current_setting('port')::int AS port, "
    "(SELECT setting::bigint FROM pg_settings WHERE name = 'archive_timeout') AS timeout, "
    "(SELECT setting::bigint FROM pg_settings WHERE name = 'wal_segment_size') AS segment, "
    "a.last_archived_wal, a.last_archived_time, a.failed_count, a.last_failed_time, "
    "pg_postmaster_start_time() AS started, clock_timestamp() AS now, "
    "CASE WHEN pg_is_in_recovery() THEN NULL "
    "ELSE pg_current_wal_lsn() - '0/0'::pg_lsn END AS written "
    "FROM pg_stat_archiver a"
)
_OF_ITSELF: Final = 1024
"""Bytes that a server writes into a new segment though nothing was committed."""
_NAME: Final = 24
"""Hexadecimal digits of a segment's name: timeline, and twice eight of its number."""


@dataclass(frozen=True, slots=True)
class Archiver:
    """`lag`: how long ago the oldest commit that only this server has may have been."""

    mode: str
    command: str
    timeout: int
    wal_level: str
    port: int
    last_archived_at: datetime | None
    lag: timedelta
    failed: int
    failing: bool

    @property
    def on(self) -> bool:
        """Whether the server archives at all."""
        return self.mode != "off"


def read_archiver(connection: Connection) -> Archiver:
    """Ask the server; any role may."""
    row = connection.execute(_STATE).one()
    failing = row.last_failed_time is not None and (
        row.last_archived_time is None or row.last_failed_time > row.last_archived_time
    )
    return Archiver(
        row.mode,
        row.command,
        row.timeout,
        row.wal_level,
        row.port,
        row.last_archived_time,
        _lag(row),
        row.failed_count,
        failing,
    )


def _lag(row: Any) -> timedelta:
    """Nothing is behind where all that was written lies in segments that are archived."""
    if row.mode == "off" or row.written is None:
        return timedelta(0)
    archived = end_of(row.last_archived_wal, row.segment)
    if archived is not None and row.written - archived <= _OF_ITSELF:
        return timedelta(0)
    since = row.last_archived_time or row.started
    lag: timedelta = row.now - since
    return max(lag, timedelta(0))


def end_of(name: str | None, segment: int) -> int | None:
    """Where in the log a segment ends, in bytes: `00000001000000000000000A` → 0xB × size."""
    digits = (name or "")[:_NAME]
    if len(digits) < _NAME:
        return None
    try:
        high, low = int(digits[8:16], 16), int(digits[16:], 16)
    except ValueError:
        return None
    return (high << 32) + (low + 1) * segment
