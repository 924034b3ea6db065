"""What a holder has about a person is put aside, sealed, until it is fetched or seven days."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import delete, select

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.core.ids import new_id
from privacy.retention.rules import CALLS
from privacy.subjects.clerks import Clerk
from privacy.subjects.holders import HeldRecord
from privacy.subjects.models import (
    DAY_PART,
    PART,
    SubjectDayPart,
    SubjectPart,
    SubjectRequest,
)
from privacy.subjects.seals import subject_of
from privacy.subjects.words import RequestKind
from privacy.vault import sealing
from privacy.vault.errors import OpenError
from privacy.vault.keyring import Keyring
from privacy.vault.meanings import Meaning

DAYS: Final = 7


class PartRecord(msgspec.Struct, frozen=True, array_like=True):
    """One record as it is put aside."""

    fields: dict[str, Any]
    source: str
    until: str


def collect_part(work: UnitOfWork, clerk: Clerk, row: SubjectRequest, name: str) -> int:
    """Put one holder's records aside; how many there were. Raises NotFound for no such holder."""
    holder = clerk.holder(name)
    if holder is None:
        raise NotFound
    subject = subject_of(work, clerk.vault, row)
    found = [
        one
        for one in holder.collect(work, clerk.vault, subject)
        if one.provided or row.kind != RequestKind.PORTABILITY
    ]
    by_day: dict[date | None, list[HeldRecord]] = defaultdict(list)
    for one in found:
        by_day[one.day].append(one)
    for day, records in by_day.items():
        _keep(work, clerk.vault, row, name, day, _encode(records))
    work.session.flush()
    return len(found)


def read_parts(
    work: UnitOfWork, vault: Keyring, request_id: uuid.UUID
) -> dict[str, list[PartRecord]]:
    """What lies aside, by holder; what its day has ended is left out."""
    found: dict[str, list[PartRecord]] = defaultdict(list)
    for name, plain in (*_parts(work, vault, request_id), *_day_parts(work, vault, request_id)):
        found[name] += msgspec.msgpack.decode(plain, type=list[PartRecord])
    return found


def drop_parts(work: UnitOfWork, request_id: uuid.UUID) -> int:
    """Delete what lies aside. Returns how many parts went."""
    gone = 0
    for table in (SubjectPart, SubjectDayPart):
        mine = delete(table).where(
            table.tenant_id == work.tenant_id, table.request_id == request_id
        )
        gone += work.connection.execute(mine).rowcount
    return gone


def sweep_parts(work: UnitOfWork) -> int:
    """Delete what nobody fetched in its time."""
    gone = 0
    for table in (SubjectPart, SubjectDayPart):
        over = delete(table).where(table.tenant_id == work.tenant_id, table.expires_at <= work.now)
        gone += work.connection.execute(over).rowcount
    return gone


def _keep(
    work: UnitOfWork,
    vault: Keyring,
    row: SubjectRequest,
    name: str,
    day: date | None,
    plain: bytes,
) -> None:
    part_id, expires = new_id(), work.now + timedelta(days=DAYS)
    given = {
        "tenant_id": work.tenant_id,
        "id": part_id,
        "request_id": row.id,
        "holder": name,
        "expires_at": expires,
    }
    if day is None:
        sealed = PART.seal(work, vault, part_id, plain)
        work.session.add(SubjectPart(**given, part_sealed=sealed))
        return
    key = vault.day_key(work, service=CALLS.service, data=CALLS.data, day=day)
    sealed = sealing.seal(key, _meaning(work, part_id), plain)
    work.session.add(SubjectDayPart(**given, day=day, part_sealed=sealed))


def _parts(work: UnitOfWork, vault: Keyring, request_id: uuid.UUID) -> Iterator[tuple[str, bytes]]:
    mine = select(SubjectPart).where(
        SubjectPart.request_id == request_id, SubjectPart.expires_at > work.now
    )
    for row in work.session.scalars(mine.order_by(SubjectPart.id)):
        yield row.holder, PART.open(work, vault, row.id, row.part_sealed)


def _day_parts(
    work: UnitOfWork, vault: Keyring, request_id: uuid.UUID
) -> Iterator[tuple[str, bytes]]:
    mine = select(SubjectDayPart).where(
        SubjectDayPart.request_id == request_id, SubjectDayPart.expires_at > work.now
    )
    for row in work.session.scalars(mine.order_by(SubjectDayPart.day, SubjectDayPart.id)):
        key = vault.find_day_key(work, service=CALLS.service, data=CALLS.data, day=row.day)
        if key is None:
            continue
        try:
            yield row.holder, sealing.open(key, _meaning(work, row.id), row.part_sealed)
        except OpenError:
            if key.alive():
                raise


def _encode(records: Iterable[HeldRecord]) -> bytes:
    listed: Sequence[PartRecord] = [
        PartRecord(dict(one.fields), one.source, one.until) for one in records
    ]
    return msgspec.msgpack.encode(listed)


def _meaning(work: UnitOfWork, part_id: uuid.UUID) -> Meaning:
    return Meaning(DAY_PART, work.tenant_id, "subject_day_parts", part_id, "part_sealed")
