"""A call as people and programs see it: opened, with the moment at which it ends."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Row

from connector.calls.keeping import KeptDays
from connector.calls.rows import place_of
from connector.calls.shapes import CallRecord, decode_record
from privacy.core.db.work import UnitOfWork
from privacy.profiles.parts import Objection
from privacy.vault.keys import DayKey
from privacy.vault.sealing import open_many

CallColumns = tuple[uuid.UUID, date, int, uuid.UUID, int, bytes]


class ContactSource(StrEnum):
    """Where a call's contact person and company are from."""

    EXCHANGE = "exchange"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class CallView:
    """One call. `destroyed_at` is when the key of its day goes, and the call with it.

    `contact_id`: the contact that its names are from, where the exchange sent none.
    `objections`: what its people object to; where there is any, they are not to be called.
    `restricted`: the use of somebody's data on it is restricted, and who it was is left out.
    """

    id: uuid.UUID
    day: date
    slot: int
    account_id: uuid.UUID
    record: CallRecord
    destroyed_at: datetime
    contact_id: uuid.UUID | None = None
    objections: tuple[Objection, ...] = ()
    restricted: bool = False

    @property
    def contact_source(self) -> ContactSource | None:
        """Where the names of the other end are from; None where there are none."""
        if self.contact_id is not None:
            return ContactSource.CONTACT
        return source_of_names(self.record)


def source_of_names(record: CallRecord) -> ContactSource | None:
    """Whether the exchange sent names."""
    named = record.contact_person or record.company
    return ContactSource.EXCHANGE if named else None


def open_rows(
    work: UnitOfWork, keys: Mapping[date, DayKey], kept: KeptDays, rows: Iterable[Row[CallColumns]]
) -> list[CallView]:
    """Open rows, in their order; rows of a day without a living key are left out.

    Raises:
        OpenError: a row was moved or changed outside the service.
    """
    by_day: dict[date, list[Row[CallColumns]]] = {}
    for row in rows:
        by_day.setdefault(row.day, []).append(row)
    opened: list[CallView] = []
    for day, group in by_day.items():
        if day in keys:
            opened += _open_day(work, keys[day], kept.ends(day), group)
    return opened


def _open_day(
    work: UnitOfWork, key: DayKey, ends: datetime, group: list[Row[CallColumns]]
) -> list[CallView]:
    aads = place_of(work.tenant_id).aads(
        [row.id.bytes for row in group], [row.version for row in group]
    )
    texts = open_many(key, aads, [row.sealed for row in group])
    return [
        CallView(row.id, row.day, row.slot, row.account_id, decode_record(text), ends)
        for row, text in zip(group, texts, strict=True)
    ]
