"""Commands in which PostgreSQL lets nothing be bound: names and texts are quoted by the driver."""

from collections.abc import Sequence
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, CursorResult


def order(
    connection: Connection, words: str, *names: str, **given: str | Sequence[str]
) -> CursorResult[Any]:
    """Run `words`, a constant: each `{}` becomes a name, `{key}` a text or a list of names."""
    composed = sql.SQL(words).format(
        *map(sql.Identifier, names),
        **{key: _quoted(value) for key, value in given.items()},
    )
    return connection.exec_driver_sql(composed.as_string().replace("%", "%%"))


def _quoted(value: str | Sequence[str]) -> sql.Composable:
    if isinstance(value, str):
        return sql.Literal(value)
    return sql.SQL(", ").join(map(sql.Identifier, value))
