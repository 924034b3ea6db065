"""What PostgreSQL itself says of the migrated schema: tables, walls, rights, roles."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from jobs.embedded.roles import OWNER, ROLES
from tests.servers import Servers

RUNTIME = tuple(role for role in ROLES if role != OWNER)


@dataclass(frozen=True)
class Table:
    """A table of ours, or a partition of one."""

    oid: int
    name: str
    walled: bool
    forced: bool
    owner: str
    is_partition: bool
    comment: str

    @property
    def has_tenant(self) -> bool:
        """Whether rows belong to tenants; if not, the comment says why."""
        return not self.comment.startswith("no tenant: ")


_TABLES = """
    SELECT c.oid, c.relname AS name, c.relrowsecurity AS walled, c.relforcerowsecurity AS forced,
        pg_get_userbyid(c.relowner) AS owner, c.relispartition AS is_partition,
        coalesce(obj_description(c.oid, 'pg_class'), '') AS comment
    FROM pg_class c
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
        AND c.relname <> 'alembic_version'
    ORDER BY c.relname
"""

ASKED = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
_RIGHTS = (
    "SELECT relname, "
    + ", ".join(f"has_table_privilege(:role, oid, '{right}')" for right in ASKED)
    + " FROM pg_class WHERE relkind IN ('r', 'p', 'S', 'v') AND NOT relispartition "
    "AND relnamespace = 'public'::regnamespace"
)


class Catalogue:
    """The superuser's view of one database."""

    def __init__(self, servers: Servers, database: str) -> None:
        self._engine = create_engine(servers.admin_url(database), poolclass=NullPool)

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """A connection past every wall."""
        with self._engine.connect() as connection:
            yield connection

    def rows(self, statement: str, **given: Any) -> list[Any]:
        """What `statement` finds; scalars where it asks for one column."""
        with self.connected() as connection:
            found = connection.execute(text(statement), given).all()
        return [row[0] if len(row) == 1 else tuple(row) for row in found]

    @cached_property
    def tables(self) -> list[Table]:
        """Every table and partition of ours."""
        return [Table(*row) for row in self.rows(_TABLES)]

    @cached_property
    def parents(self) -> list[Table]:
        """Tables that are named in code: partitions left out."""
        return [table for table in self.tables if not table.is_partition]

    @cached_property
    def partitions(self) -> list[Table]:
        """Partitions only."""
        return [table for table in self.tables if table.is_partition]

    def rights(self, role: str) -> dict[str, frozenset[str]]:
        """What `role` may do with the whole of each table that is named in code."""
        found = self.rows(_RIGHTS, role=role)
        return {
            table: frozenset(right for right, may in zip(ASKED, granted, strict=True) if may)
            for table, *granted in found
        }
