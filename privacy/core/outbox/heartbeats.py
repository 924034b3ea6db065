"""Heartbeats of the installation's own processes: a part of one that fell silent is noticed."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, DateTime, Text, select, text
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base
from privacy.core.db.declarations import impersonal


class Heartbeat(Base):
    """When a part of the service last did its work, by the database's own clock."""

    __tablename__ = "heartbeats"

    part: Mapped[str] = mapped_column(
        Text, primary_key=True, info=impersonal("name of a part of the service")
    )
    every: Mapped[timedelta] = mapped_column(info=impersonal("how often it works"))
    seen_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when a process last did its work")
    )
    failing_since: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), info=impersonal("when a process began to fail")
    )
    failure_code: Mapped[str | None] = mapped_column(
        Text, info=impersonal("error code from a closed list or an exception's type")
    )


def beat(connection: Connection, *, part: str, every: timedelta, failure: str | None) -> None:
    """Note that `part` did its work, or that it failed with the code `failure`."""
    connection.execute(_FAIL if failure else _BEAT, {"p": part, "e": every, "f": failure})


def find_silent(connection: Connection, *, grace: timedelta = timedelta(seconds=15)) -> list[str]:
    """Parts that have not done their work for three times their period and `grace`.

    The shape of the answer suits a readiness check: empty means all is well. Parts that never
    worked are not known here.
    """
    late = select(Heartbeat.part).where(
        Heartbeat.seen_at < text("statement_timestamp() - every * 3 - cast(:grace AS interval)")
    )
    return list(connection.execute(late.order_by(Heartbeat.part), {"grace": grace}).scalars())


_BEAT = text(
    "INSERT INTO heartbeats (part, every, seen_at) VALUES (:p, :e, statement_timestamp()) "
    "ON CONFLICT (part) DO UPDATE SET every = excluded.every, seen_at = excluded.seen_at, "
    "failing_since = NULL, failure_code = NULL"
)
_FAIL = text(
    "INSERT INTO heartbeats (part, every, seen_at, failing_since, failure_code) "
    "VALUES (:p, :e, 'epoch', statement_timestamp(), :f) "
    "ON CONFLICT (part) DO UPDATE SET failure_code = excluded.failure_code, "
    "failing_since = coalesce(heartbeats.failing_since, excluded.failing_since)"
)
