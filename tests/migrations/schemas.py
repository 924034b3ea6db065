"""A schema in words, so that two states of it can be compared."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, text

_PARTS = {
    "columns": (
        "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, "
        "a.attidentity, a.attstorage, pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a "
        "JOIN pg_class c ON c.oid = a.attrelid "
        "LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') "
        "AND a.attnum > 0 AND NOT a.attisdropped"
    ),
    "constraints": (
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace"
    ),
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "policies": (
        "SELECT tablename, policyname, roles::text, cmd, qual, with_check FROM pg_policies "
        "WHERE schemaname = 'public'"
    ),
    "walls": (
        "SELECT relname, relkind::text, relrowsecurity, relforcerowsecurity, reloptions::text, "
        "obj_description(oid, 'pg_class') FROM pg_class "
        "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'S', 'm')"
    ),
    "rights": (
        "SELECT c.relname, pg_get_userbyid(a.grantee), a.privilege_type FROM pg_class c, "
        "aclexplode(c.relacl) a WHERE c.relnamespace = 'public'::regnamespace "
        "AND a.grantee <> c.relowner"
    ),
    "column rights": (
        "SELECT t.attrelid::regclass::text, t.attname, pg_get_userbyid(a.grantee), "
        "a.privilege_type FROM pg_attribute t, aclexplode(t.attacl) a "
        "WHERE t.attrelid >= 16384 AND NOT t.attisdropped"
    ),
    "triggers": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "functions": (
        "SELECT proname, pg_get_functiondef(oid), proacl::text FROM pg_proc "
        "WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'"
    ),
    "types": (
        "SELECT typname, typtype::text FROM pg_type "
        "WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')"
    ),
}

Schema = dict[str, set[str]]


def schema_of(connection: Connection) -> Schema:
    """Everything that a migration makes. Alembic's own table is left out."""
    return {
        part: {
            " | ".join(map(str, row))
            for row in connection.execute(text(statement))
            if row[0] != "alembic_version"
        }
        for part, statement in _PARTS.items()
    }


Rows = list[dict[str, Any]]
Content = dict[str, Rows]


def content_of(connection: Connection, tables: list[str]) -> Content:
    """What is in each of `tables`, row by row, column by column."""
    rows = "SELECT to_jsonb(t) FROM {} t"
    return {
        table: _sorted(connection.execute(text(rows.format(table))).scalars()) for table in tables
    }


def alike(content: Content, other: Content) -> bool:
    """Whether both hold the same rows, in the columns that both have: a step may add some."""
    return content.keys() == other.keys() and all(
        _shared(content[table], other[table]) == _shared(other[table], content[table])
        for table in content
    )


def _shared(rows: Rows, other: Rows) -> Rows:
    columns = rows[0].keys() & other[0].keys() if rows and other else set()
    return _sorted({name: row[name] for name in columns} for row in rows)


def _sorted(rows: Iterable[dict[str, Any]]) -> Rows:
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))
