"""What calls were read from: sealed beside them, for the day that a better mapping exists."""

import uuid
from collections.abc import Iterator, Sequence

from sqlalchemy import select

from connector.calls.ids import call_ids, day_of
from connector.calls.models import CallSource
from connector.calls.taken import CallId
from privacy.core.db.arrays import Byteas, Uuids
from privacy.core.db.work import UnitOfWork
from privacy.vault.keys import DayKey
from privacy.vault.labels import Index
from privacy.vault.meanings import Place
from privacy.vault.sealing import open_many, seal_many

_INSERT = """
INSERT INTO call_sources (tenant_id, day, account_id, id, call_id, sealed)
SELECT %s::uuid, %s::date, %s::uuid, u.*
FROM unnest(%s::uuid[], %s::uuid[], %s::bytea[]) AS u (id, call_id, sealed)
ON CONFLICT DO NOTHING
"""


def keep_sources(
    work: UnitOfWork,
    key: DayKey,
    account_id: uuid.UUID,
    documents: Sequence[tuple[CallId, bytes]],
) -> None:
    """Seal documents under their calls' day. The same document again is not stored twice.

    Args:
        documents: each beside the id of the call that was read from it; declared fields only.
    """
    names = [call + text for call, text in documents]
    digests = key.index(Index.CONTENT).digests(names)
    ids = call_ids(key.day, digests)
    aads = _place(work.tenant_id).aads_of_version(ids, 0)
    sealed = seal_many(key, aads, [text for _, text in documents])
    columns = (Uuids.of(ids), Uuids.of([call for call, _ in documents]), Byteas.of(sealed))
    owner = (str(work.tenant_id), key.day, str(account_id))
    work.driver.execute(_INSERT, (*owner, *columns), prepare=True)


def sources_of(work: UnitOfWork, key: DayKey, call: uuid.UUID) -> Iterator[bytes]:
    """The documents that a call was read from.

    Raises:
        OpenError: one of them was moved or changed.
    """
    found = select(CallSource).where(CallSource.day == day_of(call), CallSource.call_id == call)
    rows = list(work.session.scalars(found))
    aads = _place(work.tenant_id).aads_of_version([row.id.bytes for row in rows], 0)
    yield from open_many(key, aads, [row.sealed for row in rows])


def _place(tenant_id: uuid.UUID) -> Place:
    return Place("call source", tenant_id, "call_sources", "sealed")
