"""The clock that retention trusts, watched: a leap is noticed before anything is destroyed.

Retention destroys by the database's clock. A clock that leaps ahead would destroy too early,
and nothing brings a key back. So the last moment seen is kept, and a leap that elapsed time
cannot explain halts destruction until an operator has looked (ATTACK 68).
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
        "backwards. Nothing was destroyed. Correct the clocks, then run `silta doctor`."
    )


def watch_clock(connection: Connection) -> datetime:
    """Read the database's clock, compare it with the host's and the last reading, remember it.

    Returns:
        The present moment, by the database's clock.

    Raises:
        ClockLeapt: two witnesses disagree. Whatever would be destroyed stays.
    """
    moment = clock.database_now(connection)
    seen = _last_seen(connection)
    if abs(moment - clock.now()) > TOLERANCE or (seen and seen - moment > TOLERANCE):
        raise ClockLeapt
    connection.execute(_REMEMBER, {"moment": moment})
    return moment


def _last_seen(connection: Connection) -> datetime | None:
    seen: datetime | None = connection.execute(text("SELECT seen_at FROM clock_watch")).scalar()
    return seen.astimezone(UTC) if seen else None


_REMEMBER = text(
    "INSERT INTO clock_watch (id, seen_at) VALUES (1, :moment) "
    "ON CONFLICT (id) DO UPDATE SET seen_at = greatest(clock_watch.seen_at, excluded.seen_at)"
)
