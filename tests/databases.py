"""Databases for tests: each one clean, and most of them cleaned rather than made anew.

To copy and drop a database of fifteen hundred files takes longer than most tests. What a test gives
back is therefore compared with the template: with a changed schema, right or setting it is
dropped, and so it is if somebody still holds a connection; otherwise the tables in which something
was stored are emptied, and whoever is connected past the kept pools is sent away.
"""

from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import psycopg
from psycopg import sql

from jobs.embedded.roles import libpq_url
from tests.pools import POOLS
from tests.servers import Servers

_Connection = psycopg.Connection[tuple[object, ...]]

_SCHEMA = """
SELECT sum(hashtextextended(fact, 0)::numeric) FROM (
    SELECT concat_ws(' ', 'class', oid, relname, relnamespace, relkind, relowner, relacl,
        relrowsecurity, relforcerowsecurity, reloptions, relnatts, relchecks, relhastriggers,
        relpartbound) AS fact
    FROM pg_class WHERE relnamespace <> 'pg_toast'::regnamespace
    UNION ALL SELECT concat_ws(' ', 'attribute', attrelid, attnum, xmin) FROM pg_attribute
        WHERE attrelid >= 16384 AND attnum > 0
    UNION ALL SELECT concat_ws(' ', 'default', oid, xmin) FROM pg_attrdef
    UNION ALL SELECT concat_ws(' ', 'constraint', oid, xmin) FROM pg_constraint
    UNION ALL SELECT concat_ws(' ', 'trigger', oid, xmin) FROM pg_trigger
    UNION ALL SELECT concat_ws(' ', 'policy', oid, xmin) FROM pg_policy
    UNION ALL SELECT concat_ws(' ', 'function', oid, xmin) FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT concat_ws(' ', 'type', oid, xmin) FROM pg_type WHERE oid >= 16384
    UNION ALL SELECT concat_ws(' ', 'schema', oid, xmin) FROM pg_namespace
        WHERE nspname NOT LIKE 'pg\\_t%temp%'
    UNION ALL SELECT concat_ws(' ', 'extension', oid, xmin) FROM pg_extension
    UNION ALL SELECT concat_ws(' ', 'rights to come', oid, xmin) FROM pg_default_acl
    UNION ALL SELECT concat_ws(' ', 'large object', oid) FROM pg_largeobject_metadata
    UNION ALL SELECT concat_ws(' ', 'setting', setrole, setconfig) FROM pg_db_role_setting
        JOIN pg_database d ON d.oid = setdatabase WHERE datname = current_database()
    UNION ALL SELECT concat_ws(' ', 'database', datdba, datallowconn, datconnlimit, datacl)
        FROM pg_database WHERE datname = current_database()
    UNION ALL SELECT concat_ws(' ', 'sampled', starelid, staattnum) FROM pg_statistic
        WHERE starelid >= 16384
) AS facts
"""
_STORED = (
    "SELECT relname, size FROM pg_class, pg_stat_file(pg_relation_filepath(oid)) "
    "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND size > 0"
)
_FEW = 512 * 1024
"""Bytes up to which a table's rows are deleted one by one. To truncate it makes every file anew of
all tables that refer to it, the partitions of each day among them."""

_BEGUN = (
    "SELECT setval(format('%I.%I', schemaname, sequencename), start_value, false) "
    "FROM pg_sequences WHERE last_value IS NOT NULL"
)
_SEQUENCES = "SELECT string_agg(s::text, ';' ORDER BY s) FROM pg_sequences s"
_OTHERS = (
    "SELECT bool_and(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND (pid <> ALL(%s) "
    "OR pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory'))"
)
"""What waits for the next test stays, unless it waits with a lock of the session in its hand."""


@dataclass(frozen=True)
class Image:
    """What every copy begins with: its schema and rights, its sequences, and its seeded rows."""

    schema: str
    sequences: str
    seeds: dict[str, bytes]


class Databases:
    """Copies of one template, each for one holder at a time."""

    def __init__(self, servers: Servers, template: str) -> None:
        self._servers = servers
        self._template = template
        self._clean: list[str] = []
        self._cleaners: dict[str, _Connection] = {}

    @contextmanager
    def one(self) -> Iterator[str]:
        """The name of a clean database. Whoever is connected at the end is sent away."""
        name = self._take()
        try:
            yield name
        finally:
            self._give_back(name)

    def _take(self) -> str:
        if self._clean:
            return self._clean.pop()
        assert self._first.seeds, "the template is looked at while nobody has a copy"
        return self._servers.create_database(self._template)

    def _give_back(self, name: str) -> None:
        if POOLS.end(name) and self._cleaned(name):
            self._clean.append(name)
        else:
            self._forget(name)
            self._servers.drop_database(name)

    def _forget(self, name: str) -> None:
        POOLS.forget(name)
        if name in self._cleaners:
            self._cleaners.pop(name).close()

    def close(self) -> None:
        """Close what is kept for the next tests."""
        POOLS.close()
        for name in list(self._cleaners):
            self._forget(name)

    @cached_property
    def _first(self) -> Image:
        with self._connect(self._template) as connection:
            seeds = {table: copied(connection, table) for table in stored(connection)}
            return Image(one(connection, _SCHEMA), one(connection, _SEQUENCES), seeds)

    def _cleaned(self, name: str) -> bool:
        """Empty and seed it again; whether it is then as the template is."""
        first = self._first
        try:
            connection = self._cleaner(name)
            connection.execute(_OTHERS, [POOLS.backends(name)])
            clear(connection, but=first.seeds)
            for table, rows in first.seeds.items():
                seed(connection, table, rows)
            found = one(connection, _SCHEMA), one(connection, _SEQUENCES)
            return found == (first.schema, first.sequences)
        except psycopg.Error:
            return False

    def _cleaner(self, name: str) -> _Connection:
        if name not in self._cleaners:
            self._cleaners[name] = self._connect(name)
        return self._cleaners[name]

    def _connect(self, name: str) -> _Connection:
        """As the superuser, past every trigger."""
        url = libpq_url(self._servers.admin_url(name))
        options = "-c session_replication_role=replica"
        return psycopg.connect(url, autocommit=True, options=options)


def stored(connection: _Connection) -> dict[str, int]:
    """The tables in which anything was ever stored, with their bytes."""
    return {str(name): int(str(size)) for name, size in connection.execute(_STORED)}


def clear(connection: _Connection, *, but: Container[str]) -> None:
    """Take every row of all other tables, and let every sequence begin anew."""
    sizes = {table: size for table, size in stored(connection).items() if table not in but}
    empty(connection, [table for table, size in sizes.items() if size > _FEW])
    few = [sql.Identifier(table) for table, size in sizes.items() if size <= _FEW]
    deleted = sql.SQL(";").join(sql.SQL("DELETE FROM ONLY {}").format(table) for table in few)
    connection.execute(sql.SQL("; ").join([deleted, sql.SQL(_BEGUN)]))


def empty(connection: _Connection, tables: list[str]) -> None:
    """Make `tables` anew without a row, and all that refers to them."""
    if tables:
        names = sql.SQL(", ").join(map(sql.Identifier, tables))
        connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(names))


def seed(connection: _Connection, table: str, rows: bytes) -> None:
    """Let `table` hold these rows and no other."""
    if copied(connection, table) == rows:
        return
    empty(connection, [table])
    into = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        copy.write(rows)


def copied(connection: _Connection, table: str) -> bytes:
    """The rows of `table`, as PostgreSQL copies them."""
    out = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
    with connection.cursor() as cursor, cursor.copy(out) as copy:
        return b"".join(bytes(block) for block in copy)


def one(connection: _Connection, statement: str) -> str:
    """The one value that `statement` finds."""
    row = connection.execute(statement.encode()).fetchone()
    return str(row[0]) if row else ""
