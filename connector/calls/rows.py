"""From normalised records of one day to the columns of their rows."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date

from connector.calls.ids import call_id
from connector.calls.numbers import identity_of
from connector.calls.shapes import CallRecord, encode_record
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
    ids: list[uuid.UUID]
    versions: list[int]
    slots: list[int]
    callers: Tokens
    called: Tokens
    users: Tokens
    sealed: list[bytes]


def place_of(tenant_id: uuid.UUID) -> Place:
    """Where a call's seal belongs."""
    return Place("call", tenant_id, "calls", "sealed")


def ids_of(key: DayKey, account_id: uuid.UUID, records: Sequence[CallRecord]) -> list[uuid.UUID]:
    """The ids of calls under one day's key: equal for every delivery of one call."""
    names = [account_id.bytes + record.identity for record in records]
    return [call_id(key.day, digest) for digest in key.source_ids(names)]


def seal_rows(
    key: DayKey, tenant_id: uuid.UUID, ids: list[uuid.UUID], records: Sequence[CallRecord]
) -> CallRows:
    """Seal `records` of one day and make their tokens.

    Raises:
        DayEnded: the day is over; nothing may be sealed under it any more.
        SealLimit: the key is used up.
    """
    versions = [record.version for record in records]
    aads = place_of(tenant_id).aads([identifier.bytes for identifier in ids], versions)
    numbers, users = key.index(Index.NUMBER), key.index(Index.USER)
    return CallRows(
        day=key.day,
        ids=ids,
        versions=versions,
        slots=[_slot(record) for record in records],
        callers=tokens_of(numbers, [identity_of(record.caller) for record in records]),
        called=tokens_of(numbers, [identity_of(record.called) for record in records]),
        users=tokens_of(users, [record.user_id for record in records]),
        sealed=seal_many(key, aads, [encode_record(record) for record in records]),
    )


def tokens_of(key: IndexKey, texts: Sequence[str | None]) -> Tokens:
    """The token of each text; none where there is nothing to find it by."""
    present = [text.encode("utf-8", "surrogatepass") for text in texts if text]
    tokens = iter(key.tokens(present) if present else ())
    return [next(tokens) if text else None for text in texts]


def _slot(record: CallRecord) -> int:
    start = record.started_at.astimezone(UTC)
    return start.hour * 4 + start.minute // 15
