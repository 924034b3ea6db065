"""Day partitions: made ahead, dropped when every tenant's time is over.

Which tables are kept by day is read from the catalogue (partitioned by a column `day`), so a
new one is covered unasked. Partitions are made beside the table and attached, which does not
hold up traffic; dropping waits briefly for its lock and gives up, to be tried again: a
destroyed key has already ended the data.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from privacy.core import clock
from privacy.core.db.locks import AdvisoryLock
from privacy.core.logs import get_log

_log = get_log("retention")
_LOCK = "SET LOCAL lock_timeout = '2s'"
_ONE_MAKER = text(f"SELECT pg_advisory_xact_lock({AdvisoryLock.PARTITIONS:d})")
_DAY_TABLES = text(
    "SELECT c.relname FROM pg_partitioned_table p "
    "JOIN pg_class c ON c.oid = p.partrelid "
    "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (p.partattrs::int2[]) "
    "WHERE a.attname = 'day' AND p.partnatts = 1 AND c.relnamespace = 'public'::regnamespace "
    "ORDER BY c.relname"
)
_PARTITIONS = text(
    "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
    "WHERE i.inhparent = CAST(:table AS regclass) ORDER BY c.relname"
)


def day_tables(connection: Connection) -> list[str]:
    """Tables that are partitioned by day."""
    return list(connection.execute(_DAY_TABLES).scalars())


def partition_days(connection: Connection, table: str) -> set[date]:
    """The days for which `table` has a partition."""
    names = connection.execute(_PARTITIONS, {"table": table}).scalars()
    return {date.fromisoformat(name[-10:].replace("_", "-")) for name in names}


def make_partitions(engine: Engine, days: Iterable[date]) -> int:
    """Make what is missing of `days` in every day table, as the owner. Returns how many."""
    made = 0
    wanted = sorted(set(days))
    with engine.begin() as connection:
        connection.execute(_ONE_MAKER)
        for table in day_tables(connection):
            for day in sorted(set(wanted) - partition_days(connection, table)):
                _make(connection, table, day)
                made += 1
    return made


def kept_and_coming(today: date, *, keep_days: int, ahead: int = 3) -> list[date]:
    """Days that need a partition: those still kept, today, and a few ahead."""
    return [today + timedelta(days=n) for n in range(1 - keep_days, ahead + 1)]


def drop_partitions(engine: Engine, *, before: date) -> list[str]:
    """Drop every partition of a day earlier than `before`. Returns the names that went."""
    return [name for name in due_partitions(engine, before=before) if _drop(engine, name)]


def due_partitions(engine: Engine, *, before: date) -> list[str]:
    """The partitions of days earlier than `before`."""
    with engine.connect() as connection:
        return [
            _name(table, day)
            for table in day_tables(connection)
            for day in sorted(partition_days(connection, table))
            if day < before
        ]


def ensure_partitions(engine: Engine, *, keep_days: int) -> int:
    """Make partitions for the days that are kept and those ahead, by the database's clock."""
    with engine.connect() as connection:
        today = clock.database_today(connection)
    return make_partitions(engine, kept_and_coming(today, keep_days=keep_days))


def _name(table: str, day: date) -> str:
    return f"{table}_{day:%Y_%m_%d}"


def _make(connection: Connection, table: str, day: date) -> None:
    name = _name(table, day)
    for statement in (
        f"CREATE TABLE {name} (LIKE {table} INCLUDING ALL)",
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY tenant ON {name} USING (tenant_id = "
        "(SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))",
        # Backups read partitions one by one; nobody else may (see migrations.ddl).
        f"CREATE POLICY silta_backup ON {name} FOR SELECT TO silta_backup USING (true)",
        f"GRANT SELECT ON {name} TO silta_backup",
        f"ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES IN ('{day}')",
    ):
        connection.execute(text(statement))


def _drop(engine: Engine, name: str) -> bool:
    try:
        with engine.begin() as connection:
            connection.execute(text(_LOCK))
            connection.execute(text(f"DROP TABLE {name}"))
    except OperationalError:
        _log.warning("partition_drop_postponed", reason="lock")
        return False
    return True
