"""Databases for tests: each one clean, and most of them cleaned rather than made anew.

To copy and drop a database of fifteen hundred files takes longer than most tests. What a test gives
back is therefore compared with the template: with a changed schema, right or setting it is
dropped; otherwise the tables in which something was stored are emptied and it gets another name,
so that nothing that a test left running ever reaches the next one.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import psycopg
from psycopg import sql

from jobs.embedded.roles import libpq_url
from tests.servers import Servers

_Connection = psycopg.Connection[tuple[object, ...]]

_SCHEMA = """
SELECT sum(hashtextextended(fact, 0)::numeric) FROM (
    SELECT concat_ws(' ', 'class', oid, relname, relnamespace, relkind, relowner, relacl,
        relrowsecurity, relforcerowsecurity, reloptions, relnatts, relchecks, relhastriggers,
        pg_get_expr(relpartbound, oid)) AS fact
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
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace "
    "AND (pg_stat_file(pg_relation_filepath(oid))).size > 0"
)
_SEQUENCES = "SELECT string_agg(s::text, ';' ORDER BY s) FROM pg_sequences s"
_OTHERS = (
    "SELECT bool_and(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


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

    @contextmanager
    def one(self) -> Iterator[str]:
        """The name of a clean database. Whoever is connected at the end is sent away."""
        name = self._take()
        try:
            yield name
        finally:
            self._give_back(name)

    def _take(self) -> str:
        if not self._clean:
            assert self._first.seeds, "the template is looked at while nobody has a copy"
            return self._servers.create_database(self._template)
        used, name = self._clean.pop(), f"test_{secrets.token_hex(6)}"
        with self._connect("postgres") as connection:
            renamed = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(renamed.format(sql.Identifier(used), sql.Identifier(name)))
        return name

    def _give_back(self, name: str) -> None:
        if self._cleaned(name):
            self._clean.append(name)
        else:
            self._servers.drop_database(name)

    @cached_property
    def _first(self) -> Image:
        with self._connect(self._template) as connection:
            seeds = {table: copied(connection, table) for table in stored(connection)}
            return Image(one(connection, _SCHEMA), one(connection, _SEQUENCES), seeds)

    def _cleaned(self, name: str) -> bool:
        """Empty and seed it again; whether it is then as the template is."""
        first = self._first
        try:
            with self._connect(name) as connection:
                connection.execute(_OTHERS)
                empty(connection, [name for name in stored(connection) if name not in first.seeds])
                for table, rows in first.seeds.items():
                    seed(connection, table, rows)
                found = one(connection, _SCHEMA), one(connection, _SEQUENCES)
                return found == (first.schema, first.sequences)
        except psycopg.Error:
            return False

    def _connect(self, name: str) -> _Connection:
        """As the superuser, past every trigger."""
        url = libpq_url(self._servers.admin_url(name))
        options = "-c session_replication_role=replica"
        return psycopg.connect(url, autocommit=True, options=options)


def stored(connection: _Connection) -> list[str]:
    """The tables in which anything was ever stored."""
    return [str(name) for (name,) in connection.execute(_STORED)]


def empty(connection: _Connection, tables: list[str]) -> None:
    """Take every row of `tables`, and of what refers to them."""
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
