"""The clock that retention trusts, watched: a leap is noticed before anything is destroyed.

Retention destroys by the database's clock. A clock that leaps ahead would destroy too early,
and nothing brings a key back. So there are three witnesses (ATTACK 68): this host's clock, the
latest moment that the installation has seen, and, in a process that lives long, the seconds that
really went by. A leap that they cannot explain halts destruction until an operator has looked.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import CheckConstraint, Connection, DateTime, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core import clock
from privacy.core.db.base import Base
from privacy.core.db.declarations import impersonal
from privacy.core.errors import Conflict

TOLERANCE = timedelta(minutes=10)


class ClockWatch(Base):
    """One row: the latest moment that this installation has seen, and since when it halts."""

    __tablename__ = "clock_watch"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(
        SmallInteger, primary_key=True, server_default="1", info=impersonal("always 1")
    )
    seen_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("a reading of the clock")
    )
    halted_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), info=impersonal("a reading of the clock")
    )


class ClockLeapt(Conflict):
    """The database's clock disagrees with this host's; nothing is destroyed meanwhile."""

    code = "clock_leapt"
    message = (
        "The database's clock and this host's differ by more than ten minutes, or time ran "
        "backwards. Nothing was destroyed. Correct the clocks (in development "
        "SILTA_CLOCK_DAYS), then run `silta doctor`."
    )


class ClockHalted(ClockLeapt):
    """The clock leapt while the scheduler looked on; only a person can say which time is right."""

    code = "clock_halted"
    message = (
        "The clock leapt by more than ten minutes at once, so nothing is destroyed. Check the "
        "date on every host, then run `silta retention accept-clock`."
    )


def watch_clock(connection: Connection) -> datetime:
    """`check_clock`, and remember what was read.

    Returns:
        The present moment, by the database's clock.

    Raises:
        ClockLeapt: two witnesses disagree. Whatever would be destroyed stays.
        ClockHalted: a leap was seen, and nobody has accepted it yet.
    """
    moment = check_clock(connection)
    connection.execute(_REMEMBER, {"moment": moment})
    return moment


def check_clock(connection: Connection) -> datetime:
    """Read the database's clock, and compare it with the host's and the last reading.

    Raises as `watch_clock`: what cannot be taken back has to wait.
    """
    moment = clock.database_now(connection)
    seen, halted = _last_seen(connection)
    if halted:
        raise ClockHalted
    if abs(moment - clock.now()) > TOLERANCE or (seen and seen - moment > TOLERANCE):
        raise ClockLeapt
    return moment


def halt_clock(connection: Connection) -> None:
    """Nothing is destroyed until `accept_clock`."""
    connection.execute(_HALT, {"moment": clock.database_now(connection)})


def time_behind(connection: Connection) -> timedelta:
    """How far the clock stands behind the latest moment that was seen; zero where it does not."""
    seen, _ = _last_seen(connection)
    behind = seen - clock.database_now(connection) if seen else timedelta()
    return behind if behind > TOLERANCE else timedelta()


def accept_clock(connection: Connection) -> datetime:
    """An operator has looked: this is the time, whatever was seen before."""
    moment = clock.database_now(connection)
    connection.execute(_ACCEPT, {"moment": moment})
    return moment


class Witness:
    """Compares the clock with the seconds that really went by, in a process that lives long."""

    def __init__(self) -> None:
        self._last: tuple[float, datetime] | None = None

    def leapt(self, moment: datetime) -> bool:
        """Whether more (or less) time has passed on the clock than by the host's uptime."""
        uptime = clock.uptime()
        before, self._last = self._last, (uptime, moment)
        if before is None:
            return False
        passed = timedelta(seconds=uptime - before[0])
        return abs((moment - before[1]) - passed) > TOLERANCE


def _last_seen(connection: Connection) -> tuple[datetime | None, bool]:
    row = connection.execute(text("SELECT seen_at, halted_at FROM clock_watch")).one_or_none()
    if row is None:
        return None, False
    return row.seen_at.astimezone(UTC), row.halted_at is not None


_HALT = text(
    "INSERT INTO clock_watch (id, seen_at, halted_at) VALUES (1, :moment, :moment) "
    "ON CONFLICT (id) DO UPDATE SET halted_at = excluded.halted_at"
)
_ACCEPT = text(
    "INSERT INTO clock_watch (id, seen_at) VALUES (1, :moment) "
    "ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, halted_at = NULL"
)
_REMEMBER = text(
    "INSERT INTO clock_watch (id, seen_at) VALUES (1, :moment) "
    "ON CONFLICT (id) DO UPDATE SET seen_at = greatest(clock_watch.seen_at, excluded.seen_at)"
)
