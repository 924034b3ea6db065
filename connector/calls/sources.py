"""What calls were read from: sealed beside them, for the day that a better mapping exists."""

import uuid
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select

from connector.calls.ids import call_ids, day_of
from connector.calls.models import CallSource
from connector.calls.taken import CallId, Group
from privacy.core.db.arrays import BinaryArray, Byteas, Dates, Uuids
from privacy.core.db.work import UnitOfWork
from privacy.vault.keys import DayKey
from privacy.vault.labels import Index
from privacy.vault.meanings import Place
from privacy.vault.sealing import open_many, seal_many

INSERT_SOURCES = """
INSERT INTO call_sources (tenant_id, account_id, day, id, call_id, sealed)
SELECT %s::uuid, %s::uuid, u.*
FROM unnest(%s::date[], %s::uuid[], %s::uuid[], %s::bytea[]) AS u (day, id, call_id, sealed)
ON CONFLICT DO NOTHING
"""
"""Documents that are not there yet. Parameters: tenant, account, `sealed_sources`."""

Documents = Sequence[tuple[CallId, bytes]]
"""Documents of one day's calls, declared fields only, each beside its call's id."""


def keep_sources(
    work: UnitOfWork, account_id: uuid.UUID, documents: Mapping[DayKey, Documents]
) -> None:
    """Seal documents under their calls' days. The same document again is not stored twice."""
    if any(documents.values()):
        columns = sealed_sources(work.tenant_id, documents)
        owner = (str(work.tenant_id), str(account_id))
        work.driver.execute(INSERT_SOURCES, (*owner, *columns), prepare=True)


def sealed_sources(
    tenant_id: uuid.UUID, documents: Mapping[DayKey, Documents]
) -> tuple[BinaryArray, ...]:
    """The columns of INSERT_SOURCES: days, ids, calls and seals."""
    ids, calls, sealed = list[bytes](), list[CallId](), list[bytes]()
    for key, some in documents.items():
        if some:
            own = _ids(key, some)
            ids += own
            calls += [call for call, _ in some]
            sealed += seal_many(key, _aads(tenant_id, own), [text for _, text in some])
    days = Dates.runs([(key.day, len(some)) for key, some in documents.items()])
    return days, Uuids.of(ids), Uuids.of(calls), Byteas.of(sealed)


def documents_of(group: Group) -> Documents:
    """What a group's calls were read from."""
    return [(identifier, text) for identifier, item in group.items() for text in item.sources]


def _ids(key: DayKey, documents: Documents) -> list[bytes]:
    names = [call + text for call, text in documents]
    return call_ids(key.day, key.index(Index.CONTENT).digests(names))


def sources_of(work: UnitOfWork, key: DayKey, call: uuid.UUID) -> Iterator[bytes]:
    """The documents that a call was read from.

    Raises:
        OpenError: one of them was moved or changed.
    """
    found = select(CallSource).where(CallSource.day == day_of(call), CallSource.call_id == call)
    rows = list(work.session.scalars(found))
    aads = _aads(work.tenant_id, [row.id.bytes for row in rows])
    yield from open_many(key, aads, [row.sealed for row in rows])


def _aads(tenant_id: uuid.UUID, ids: Sequence[bytes]) -> list[bytes]:
    return Place("call source", tenant_id, "call_sources", "sealed").aads_of_version(ids, 0)
