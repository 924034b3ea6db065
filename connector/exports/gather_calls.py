"""The calls of one day, as lines: each with what it was read from."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final, cast

import msgspec
from sqlalchemy import Row, select

from connector.calls.models import Call, CallSource
from connector.calls.rows import place_of
from connector.calls.shapes import decode_record
from connector.exports.layouts import line
from connector.exports.values import told
from privacy.core.db.work import UnitOfWork
from privacy.vault.keys import DayKey
from privacy.vault.meanings import Place
from privacy.vault.sealing import open_many

AT_ONCE: Final = 500


def calls_of(work: UnitOfWork, key: DayKey) -> Iterator[bytes]:
    """A line for each call of the key's day. Raises OpenError: changed, or the day is over."""
    found = (
        select(Call.id, Call.account_id, Call.version, Call.sealed)
        .where(Call.tenant_id == work.tenant_id, Call.day == key.day)
        .order_by(Call.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for rows in work.connection.execute(found).partitions():
        some = cast("list[Row[Any]]", rows)
        documents = _documents(work, key, [row.id for row in some])
        for row, plain in zip(some, _opened(work, key, some), strict=True):
            yield line(_told(row, plain, documents[row.id]))


def _told(row: Row[Any], plain: bytes, documents: Sequence[bytes]) -> dict[str, Any]:
    record = decode_record(plain)
    fields = {name: getattr(record, name) for name in record.__struct_fields__}
    return {
        "id": row.id,
        "account_id": row.account_id,
        "call": msgspec.to_builtins(fields),
        "documents": [told(one) for one in documents],
    }


def _opened(work: UnitOfWork, key: DayKey, some: Sequence[Row[Any]]) -> list[bytes]:
    ids, versions = [row.id.bytes for row in some], [row.version for row in some]
    aads = place_of(work.tenant_id).aads(ids, versions)
    return open_many(key, aads, [row.sealed for row in some])


def _documents(work: UnitOfWork, key: DayKey, ids: list[uuid.UUID]) -> dict[uuid.UUID, list[bytes]]:
    found = (
        select(CallSource.id, CallSource.call_id, CallSource.sealed)
        .where(
            CallSource.tenant_id == work.tenant_id,
            CallSource.day == key.day,
            CallSource.call_id.in_(ids),
        )
        .order_by(CallSource.call_id, CallSource.id)
    )
    rows = work.connection.execute(found).all()
    place = Place("call source", work.tenant_id, "call_sources", "sealed")
    aads = place.aads_of_version([row.id.bytes for row in rows], 0)
    plains = open_many(key, aads, [row.sealed for row in rows])
    kept: dict[uuid.UUID, list[bytes]] = defaultdict(list)
    for row, plain in zip(rows, plains, strict=True):
        kept[row.call_id].append(plain)
    return kept
