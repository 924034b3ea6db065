"""From normalised records of one day to the columns of their rows."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date

from connector.calls.ids import call_ids
from connector.calls.numbers import identities_of
from connector.calls.shapes import CallRecord, encode_records, identities
from connector.calls.taken import CallId
from privacy.vault.index_keys import IndexKey
from privacy.vault.keys import DayKey
from privacy.vault.labels import Index
from privacy.vault.meanings import Place
from privacy.vault.sealing import seal_many

Tokens = list[int | None]


@dataclass(frozen=True, slots=True)
class CallRows:
    """Columns of equal length, one entry a call, in the order of the records."""

    day: date
    ids: list[CallId]
    versions: list[int]
    slots: list[int]
    callers: Tokens
    called: Tokens
    users: Tokens
    sealed: list[bytes]


def place_of(tenant_id: uuid.UUID) -> Place:
    """Where a call's seal belongs."""
    return Place("call", tenant_id, "calls", "sealed")


def ids_of(key: DayKey, account_id: uuid.UUID, records: Sequence[CallRecord]) -> list[CallId]:
    """The ids of calls under one day's key: equal for every delivery of one call."""
    return call_ids(key.day, key.source_ids(identities(account_id.bytes, records)))


def seal_rows(
    key: DayKey, tenant_id: uuid.UUID, ids: list[CallId], records: Sequence[CallRecord]
) -> CallRows:
    """Seal `records` of one day and make their tokens.

    Raises:
        DayEnded: the day is over; nothing may be sealed under it any more.
        SealLimit: the key is used up.
    """
    versions = [record.version for record in records]
    sides = {record.caller for record in records} | {record.called for record in records}
    numbers = _tokens(key.index(Index.NUMBER), identities_of(sides))
    users = _tokens(key.index(Index.USER), {record.user_id for record in records})
    return CallRows(
        day=key.day,
        ids=ids,
        versions=versions,
        slots=_slots(records),
        callers=[numbers.get(record.caller) for record in records],
        called=[numbers.get(record.called) for record in records],
        users=[users.get(record.user_id) for record in records],
        sealed=seal_many(key, _aads(tenant_id, ids, versions), encode_records(records)),
    )


def _aads(tenant_id: uuid.UUID, ids: list[CallId], versions: list[int]) -> list[bytes]:
    place, different = place_of(tenant_id), set(versions)
    if len(different) == 1:
        return place.aads_of_version(ids, different.pop())
    return place.aads(ids, versions)


def _tokens(key: IndexKey, texts: Iterable[str | None]) -> dict[str | None, int]:
    """The token of each text; none where there is nothing to find it by."""
    present = [text for text in texts if text]
    if not present:
        return {}
    messages = [text.encode("utf-8", "surrogatepass") for text in present]
    return dict(zip(present, key.tokens(messages), strict=True))


def _slots(records: Sequence[CallRecord]) -> list[int]:
    """Quarters of the UTC day in which the calls began."""
    starts = [record.started_at for record in records]
    whole = [start if start.tzinfo is UTC else start.astimezone(UTC) for start in starts]
    return [start.hour * 4 + start.minute // 15 for start in whole]
