"""A row for any table, made from the catalogue: whatever is added tomorrow is filled, too."""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, text

_TABLES = text(
    "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition "
    "AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'alembic_version' "
    "ORDER BY c.relname"
)
_COLUMNS = text(
    "SELECT a.attname, format_type(a.atttypid, NULL), a.atthasdef, a.attnotnull "
    "FROM pg_attribute a WHERE a.attrelid = CAST(:table AS regclass) AND a.attnum > 0 "
    "AND NOT a.attisdropped AND a.attidentity = '' AND a.attgenerated = '' ORDER BY a.attnum"
)
_CHECKS = text(
    "SELECT pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE conrelid = CAST(:table AS regclass) AND contype = 'c'"
)
_ONE_OF = re.compile(r"\(?(?P<column>\w+) = ANY \(\(?ARRAY\['(?P<first>\w+)'")
_VALUES = {
    "uuid": "CAST(:id AS uuid)",
    "text": "'x'",
    "bytea": "decode(repeat('ab', 32), 'hex')",
    "smallint": "1",
    "integer": "1",
    "bigint": "1",
    "boolean": "false",
    "date": "current_date",
    "timestamp with time zone": "now()",
    "interval": "interval '1 hour'",
    "jsonb": "'{}'",
    "text[]": "'{}'",
    "uuid[]": "'{}'",
    "timestamp with time zone[]": "'{}'",
    "double precision": "1",
    "numeric": "1",
}
_TENANT = "CAST(:tenant AS uuid)"

HINTS = {
    "key_ring.key_id": "decode(repeat('ab', 8), 'hex')",
    "key_ring.kind": "'day'",
    "sign_in_sessions.ended_at": "NULL",
    "disclosures.at": "NULL",
    "disclosures.fields": "'{email}'",
    "processors.fields": "'{email}'",
    "service_subscriptions.ends_at": "NULL",
}
"""Where a check or a key asks for more than a type says."""


@dataclass(frozen=True)
class RowMaker:
    """Writes rows of one tenant. All ids in them are `ids`, so that references fit.

    Args:
        ids: the tenant's own id where nothing is said; digests follow ids that are given.
    """

    connection: Connection
    tenant_id: uuid.UUID
    ids: uuid.UUID | None = None

    def fill(self, tables: Iterable[str] | None = None) -> list[str]:
        """One row in each table, as a superuser; what is there is left. Returns the tables."""
        self.connection.execute(text("SET LOCAL session_replication_role = replica"))
        filled = list(tables_of(self.connection) if tables is None else tables)
        for table in filled:
            self.insert(table)
        self.connection.execute(text("SET LOCAL session_replication_role = origin"))
        return filled

    def insert(self, table: str) -> None:
        """One row. Fails where a table needs a hint: see HINTS."""
        columns = self._values(table)
        statement = (
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(columns.values())}) "
            "ON CONFLICT DO NOTHING"
        )
        ids = {"tenant": str(self.tenant_id), "id": str(self.ids or self.tenant_id)}
        self.connection.execute(text(statement), {name: ids[name] for name in _named(statement)})

    def _values(self, table: str) -> dict[str, str]:
        words = {
            match["column"]: f"'{match['first']}'"
            for (check,) in self.connection.execute(_CHECKS, {"table": table})
            for match in _ONE_OF.finditer(check)
        }
        columns = self.connection.execute(_COLUMNS, {"table": table}).all()
        hints = {name: HINTS.get(f"{table}.{name}", words.get(name)) for name, *_ in columns}
        values = {name: hints[name] or self._value(kind) for name, kind, *_ in columns}
        return values | ({"tenant_id": _TENANT} if "tenant_id" in values else {})

    def _value(self, kind: str) -> str:
        if kind == "bytea" and self.ids is not None:
            return f"decode('{self.ids.hex * 2}', 'hex')"
        return "'{}'" if kind.endswith("[]") else _VALUES[kind]


def _named(statement: str) -> set[str]:
    return {name for name in ("tenant", "id") if f":{name} " in statement}


def tables_of(connection: Connection) -> list[str]:
    """Every table of ours, partitions left out."""
    return list(connection.execute(_TABLES).scalars())
