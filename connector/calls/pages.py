"""Rows in the order of lists (day, slot, id, each falling), from a place on.

By token, the days go in as an array, newest first, each beside its own token: PostgreSQL prunes
to one partition for each of them while it runs, an index answers, and no day is looked at once
the page is full. Without a token, day after day.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from sqlalchemy import Row, TextClause, text

from connector.calls.cursors import Cursor
from connector.calls.views import CallColumns
from privacy.core.db.work import UnitOfWork

Rows = Sequence[Row[CallColumns]]

START: Final = Cursor(date.max, 96, uuid.UUID(int=2**128 - 1))
"""Before every call."""

_PROBE = """
(SELECT id, day, slot, account_id, version, sealed FROM calls
 WHERE tenant_id = :tenant AND day = probe.day AND {column} = probe.token
   AND (day, slot, id) < (:after_day, :after_slot, :after_id)
 ORDER BY slot DESC, id DESC LIMIT :size)
"""
# A call to oneself has its token on both sides; DISTINCT ON lists it once. The order begins with
# that of the days as they were given, which needs no sorting: that is what lets it end early.
_WITH_TOKENS = """
SELECT c.* FROM unnest(CAST(:days AS date[]), CAST(:tokens AS int8[]))
    WITH ORDINALITY AS probe (day, token, place)
CROSS JOIN LATERAL (
    SELECT DISTINCT ON (side.slot, side.id) side.* FROM ({probes}) AS side
    ORDER BY side.slot DESC, side.id DESC LIMIT :size
) AS c
ORDER BY probe.place, c.slot DESC, c.id DESC LIMIT :size
"""
_OF_DAY = text(
    "SELECT id, day, slot, account_id, version, sealed FROM calls "
    "WHERE tenant_id = :tenant AND day = :day AND slot BETWEEN :first_slot AND :last_slot "
    "AND (day, slot, id) < (:after_day, :after_slot, :after_id) "
    "ORDER BY slot DESC, id DESC LIMIT :size"
)
_ONE = text(
    "SELECT id, day, slot, account_id, version, sealed FROM calls "
    "WHERE tenant_id = :tenant AND day = :day AND id = :id"
)
_MANY = text(
    "SELECT id, day, slot, account_id, version, sealed FROM calls "
    "WHERE tenant_id = :tenant AND day = ANY (:days) AND id = ANY (:ids) ORDER BY id FOR UPDATE"
)


def _statement(*columns: str) -> str:
    probes = "UNION ALL".join(_PROBE.format(column=column) for column in columns)
    return _WITH_TOKENS.format(probes=probes)


_BY_NUMBER: Final = text(_statement("caller_token", "called_token"))
_BY_USER: Final = text(_statement("user_token"))


def rows_by_number(work: UnitOfWork, tokens: Mapping[date, int], after: Cursor, size: int) -> Rows:
    """Up to `size` rows with a day's token on either side."""
    return _with_tokens(work, _BY_NUMBER, tokens, after, size)


def rows_by_user(work: UnitOfWork, tokens: Mapping[date, int], after: Cursor, size: int) -> Rows:
    """Up to `size` rows with a day's token as user."""
    return _with_tokens(work, _BY_USER, tokens, after, size)


def rows_of_days(
    work: UnitOfWork, slots: Mapping[date, tuple[int, int]], after: Cursor, size: int
) -> Rows:
    """Up to `size` rows of the given days, between each day's first and last slot."""
    found: list[Row[CallColumns]] = []
    for day in sorted(slots, reverse=True):
        if day <= after.day and len(found) < size:
            found += _of_day(work, day, slots[day], after, size - len(found))
    return found


def row_of(work: UnitOfWork, day: date, call_id: uuid.UUID) -> Rows:
    """The row of one call, or none."""
    values = {"tenant": work.tenant_id, "day": day, "id": call_id}
    return work.connection.execute(_ONE, values).all()


def rows_of_ids(work: UnitOfWork, days: list[date], ids: list[uuid.UUID]) -> Rows:
    """The rows of many calls, locked, in the order of ids so that no two writers wait in a ring."""
    values = {"tenant": work.tenant_id, "days": days, "ids": ids}
    return work.connection.execute(_MANY, values).all()


def _of_day(
    work: UnitOfWork, day: date, slots: tuple[int, int], after: Cursor, size: int
) -> Iterable[Row[CallColumns]]:
    values = {"day": day, "first_slot": slots[0], "last_slot": slots[1]}
    return work.connection.execute(_OF_DAY, values | _bounds(work, after, size))


def _with_tokens(
    work: UnitOfWork, statement: TextClause, tokens: Mapping[date, int], after: Cursor, size: int
) -> Rows:
    reached = sorted((day for day in tokens if day <= after.day), reverse=True)
    values = {"days": reached, "tokens": [tokens[day] for day in reached]}
    return work.connection.execute(statement, values | _bounds(work, after, size)).all()


def _bounds(work: UnitOfWork, after: Cursor, size: int) -> dict[str, object]:
    return {
        "tenant": work.tenant_id,
        "after_day": after.day,
        "after_slot": after.slot,
        "after_id": after.id,
        "size": size,
    }
