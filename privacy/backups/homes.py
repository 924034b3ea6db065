"""The mark that a database is at home: without it nothing is served (ATTACKS 64, 65).

No archive holds the mark's row, so whatever is restored, by whatever means, begins without it; a
physical copy or a promoted standby has another system or timeline than the mark says. Only
`silta restore` sets it again, when everything that was erased since is erased again.
"""

import uuid
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, text

from privacy.backups.errors import NotAtHome
from privacy.core import clock

_HERE = text(
    "SELECT s.system_identifier || '/' || c.timeline_id "
    "FROM pg_control_system() s, pg_control_checkpoint() c"
)
_MARK = text("SELECT place FROM database_home")
_OPEN = text(
    "INSERT INTO database_home (place, opened_at) VALUES (:place, :moment) "
    "ON CONFLICT (id) DO UPDATE SET place = excluded.place, opened_at = excluded.opened_at"
)
_LEAVE = text("DELETE FROM database_home")
_OPENED = text("SELECT opened_at FROM database_home")
_SEEN = text("SELECT seen_at FROM clock_watch")
_ITSELF = text(
    "SELECT id FROM backup_archives WHERE state = 'running' ORDER BY began_at DESC LIMIT 1"
)


def at_home(connection: Connection) -> bool:
    """Whether this database was opened where it is."""
    mark = connection.execute(_MARK).scalar()
    return mark is not None and mark == _here(connection)


def check_home(engine: Engine) -> None:
    """Call at boot, before anything is served. Raises NotAtHome: the process must end."""
    with engine.connect() as connection:
        if not at_home(connection):
            raise NotAtHome


def is_open(engine: Engine) -> bool:
    """Whether there is nothing to finish."""
    with engine.connect() as connection:
        return at_home(connection)


def restored_archive(engine: Engine) -> uuid.UUID:
    """The archive that a database came from: in its own snapshot it is still being made. The
    nil UUID for a copy that came another way."""
    with engine.connect() as connection:
        return connection.execute(_ITSELF).scalar() or uuid.UUID(int=0)


def last_moment(engine: Engine) -> datetime:
    """The latest moment that a database has seen before it was copied; its scheduler looks at the
    clock each minute. Very early where it never did."""
    with engine.connect() as connection:
        seen = connection.execute(_SEEN).scalar()
    return seen.astimezone(UTC) if seen else datetime(2000, 1, 1, tzinfo=UTC)


def open_home(connection: Connection) -> None:
    """Say that everything is done again that was done since the archive (keeper)."""
    given = {"place": _here(connection), "moment": clock.database_now(connection)}
    connection.execute(_OPEN, given)


def opened_at(connection: Connection) -> datetime | None:
    """When this database was opened where it is (keeper); None where it was not."""
    moment = connection.execute(_OPENED).scalar()
    return moment.astimezone(UTC) if moment else None


def leave_home(connection: Connection) -> None:
    """Say that nothing may be served from here, until `open_home` (keeper)."""
    connection.execute(_LEAVE)


def _here(connection: Connection) -> str:
    place: str = connection.execute(_HERE).scalar_one()
    return place
