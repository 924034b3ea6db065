"""The only place that reads a clock.

A development clock shifts every process of an installation by the same number of days, so
that a month can pass in a minute. Production refuses a shift (see settings).
"""

import time
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, text

_offset = timedelta()


def set_offset(offset: timedelta) -> None:
    """Shift this process's clock. Called once, at boot, from the settings."""
    global _offset
    _offset = offset


def offset() -> timedelta:
    """The shift in force; zero in production."""
    return _offset


def now() -> datetime:
    """The present moment, aware, in UTC, shifted by the development clock."""
    return datetime.now(UTC) + _offset


def monotonic() -> float:
    """Seconds that never run backwards; for durations only."""
    return time.monotonic()


def uptime() -> float:
    """Seconds since this host started, its sleep included; no correction of the clock moves it."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def database_now(connection: Connection) -> datetime:
    """The database's own clock, shifted alike: one clock for all hosts of an installation."""
    moment: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return moment.astimezone(UTC) + _offset


def database_today(connection: Connection) -> date:
    """The UTC day by the database's clock. Retention counts in these days."""
    return database_now(connection).date()
