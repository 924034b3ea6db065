"""Rows of calls into their table: optimistic, and careful only when a batch meets itself again.

COPY is refused under row-level security, so rows go in as arrays through `unnest`. ON CONFLICT
costs a third of the speed, so it is used only after the plain insert has met a redelivery
(docs/adr/0006-optimistic-ingest.md has the figures).
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Final, TypeVar

import psycopg
from psycopg.errors import PipelineAborted, UniqueViolation

from connector.calls.rows import CallRows
from connector.calls.taken import CallId
from privacy.core.db.arrays import BinaryArray, Byteas, Dates, Int2s, Int4s, Int8s, Uuids
from privacy.core.db.work import UnitOfWork

T = TypeVar("T")

PORTION: Final = 1_000
"""Rows that are worth a statement of their own."""

_ROWS = """
unnest(%s::date[], %s::uuid[], %s::int4[], %s::int2[], %s::int8[], %s::int8[], %s::int8[],
       %s::bytea[]) AS u (day, id, version, slot, caller_token, called_token, user_token, sealed)
"""
_INSERT = f"""
INSERT INTO calls (tenant_id, account_id, day, id, version, slot,
                   caller_token, called_token, user_token, sealed)
SELECT %s::uuid, %s::uuid, u.* FROM {_ROWS}
"""
INSERT_NEW = f"{_INSERT} ON CONFLICT (tenant_id, day, id) DO NOTHING RETURNING id"
"""Of the rows, those that were not there before. Parameters: tenant, account, `columns_of`."""
_RAISE = f"""
UPDATE calls SET version = u.version, slot = u.slot, caller_token = u.caller_token,
    called_token = u.called_token, user_token = u.user_token, sealed = u.sealed
FROM {_ROWS}
WHERE calls.tenant_id = %s::uuid AND calls.day = u.day AND calls.id = u.id
    AND calls.version < u.version
RETURNING calls.id
"""

Written = dict[CallId, bool]
"""Which calls were written, and whether each is new (else a higher version of a known one)."""


Follow = Callable[[Written], None]
"""What goes with the rows, once it is known which were written: statements without an answer."""


def store_rows(
    work: UnitOfWork,
    account_id: uuid.UUID,
    sealing: Iterable[CallRows],
    follow: Follow = lambda _: None,
) -> Written:
    """Write rows of several days; of calls that are there already the highest version stays.

    Args:
        sealing: rows as they are sealed; the database writes some while the next are made. Ids
            must be distinct, and sorted within each day: two writers of the same calls then
            wait for each other and never in a ring.
        follow: sent along with new rows; taken back and called again where some were known.

    Returns:
        What was written; rows that were there before are left out.
    """
    owner, sent = (str(work.tenant_id), str(account_id)), list[CallRows]()
    coming = iter(sealing)
    with work.driver.cursor(binary=True) as cursor:
        written = _store_at_once(work.driver, cursor, owner, coming, sent, follow)
        if written is None:
            cursor.execute("ROLLBACK TO optimistic", prepare=False)
            written = _store_carefully(cursor, owner, columns_of([*sent, *coming]))
            follow(written)
    return written


def _store_at_once(
    driver: psycopg.Connection[Any],
    cursor: psycopg.Cursor[tuple[Any, ...]],
    owner: tuple[str, str],
    coming: Iterable[CallRows],
    sent: list[CallRows],
    follow: Follow,
) -> Written | None:
    """None when a call is there already. `sent` gets what was taken from `coming`.

    A violation is met within the pipeline, or at its end. Met within, what was under way after it
    is aborted at the end; one error would hide the other there, and psycopg would warn of it.
    """
    met, written = False, Written()
    try:
        with driver.pipeline():
            cursor.execute("SAVEPOINT optimistic", prepare=False)
            try:
                for some in _portions(coming):
                    sent += some
                    cursor.execute(_INSERT, (*owner, *columns_of(some)), prepare=True)
                written = dict.fromkeys(chain.from_iterable(rows.ids for rows in sent), True)
                follow(written)
                cursor.execute("RELEASE optimistic", prepare=False)
            except UniqueViolation:
                met = True
    except UniqueViolation:
        met = True
    except PipelineAborted:
        if not met:
            raise
    return None if met else written


def _portions(sealing: Iterable[CallRows]) -> Iterator[list[CallRows]]:
    some: list[CallRows] = []
    for rows in sealing:
        some.append(rows)
        if sum(len(each.ids) for each in some) >= PORTION:
            yield some
            some = []
    if some:
        yield some


def _store_carefully(
    cursor: psycopg.Cursor[tuple[Any, ...]],
    owner: tuple[str, str],
    columns: tuple[BinaryArray, ...],
) -> Written:
    cursor.execute(INSERT_NEW, (*owner, *columns), prepare=True)
    written = dict.fromkeys((row[0].bytes for row in cursor.fetchall()), True)
    cursor.execute(_RAISE, (*columns, owner[0]), prepare=True)
    # What was inserted a moment ago is not below its own version, so the two do not overlap.
    return written | dict.fromkeys((row[0].bytes for row in cursor.fetchall()), False)


def columns_of(days: Sequence[CallRows]) -> tuple[BinaryArray, ...]:
    """The parameters of INSERT_NEW, after tenant and account."""
    return (
        Dates.runs([(rows.day, len(rows.ids)) for rows in days]),
        Uuids.of(_joined(rows.ids for rows in days)),
        Int4s.of(_joined(rows.versions for rows in days)),
        Int2s.of(_joined(rows.slots for rows in days)),
        Int8s.of(_joined(rows.callers for rows in days)),
        Int8s.of(_joined(rows.called for rows in days)),
        Int8s.of(_joined(rows.users for rows in days)),
        Byteas.of(_joined(rows.sealed for rows in days)),
    )


def _joined(columns: Iterable[Sequence[T]]) -> list[T]:
    return list(chain.from_iterable(columns))
