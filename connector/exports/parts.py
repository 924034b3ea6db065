"""Pieces of an export's files: sealed as soon as they are full, those of a day under its key."""

import hashlib
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, TypeVar

import zstandard
from sqlalchemy import delete, insert, select, update

from connector.calls.keeping import KIND, SERVICE, call_key
from connector.exports.layouts import Member
from connector.exports.models import (
    DAY_PART,
    PART,
    ExportDayPart,
    ExportPart,
    ExportState,
    TenantExport,
)
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Gone
from privacy.core.ids import new_id
from privacy.vault import sealing
from privacy.vault.keyring import Keyring
from privacy.vault.meanings import Meaning

P = TypeVar("P", ExportPart, ExportDayPart)

PART_BYTES: Final = 256 << 10
OpenWork = Callable[[], AbstractContextManager[UnitOfWork]]


class ExportWithdrawn(Gone):
    """It was deleted, or somebody was erased: what was gathered may not be kept."""

    code = "export_withdrawn"
    message = "The export was withdrawn while it was made."


@dataclass
class Keeping:
    """Keeps the files of one run of an export, each part in a unit of work of its own."""

    open: OpenWork
    vault: Keyring
    export_id: uuid.UUID
    began_at: datetime
    members: list[Member] = field(default_factory=list)
    rows: int = 0
    _size: int = 0

    def keep(
        self,
        path: str,
        lines: Iterator[bytes],
        *,
        table: str,
        day: date | None = None,
        ends_at: datetime | None = None,
    ) -> Member:
        """Write `lines` as the next file.

        Raises:
            ExportWithdrawn: this run is over, whatever it has gathered.
            DayEnded: the day is.
        """
        whole, kept, count, place, size = hashlib.sha256(), bytearray(), 0, 0, 0
        for one in lines:
            whole.update(one)
            kept += one
            count, size = count + 1, size + len(one)
            self.rows += 1
            if len(kept) >= PART_BYTES:
                self._put(table, day, place, bytes(kept))
                place, kept = place + 1, bytearray()
        if kept:
            self._put(table, day, place, bytes(kept))
        member = Member(
            path=path, size=size, rows=count, sha256=whole.hexdigest(), day=day, ends_at=ends_at
        )
        self.members.append(member)
        self._size += size
        return member

    def drop_day(self, day: date) -> None:
        """Forget what was kept of a day that ended meanwhile."""
        with self.open() as work:
            ended = delete(ExportDayPart).where(
                ExportDayPart.tenant_id == work.tenant_id,
                ExportDayPart.export_id == self.export_id,
                ExportDayPart.day == day,
            )
            work.connection.execute(ended)

    def _put(self, table: str, day: date | None, place: int, plain: bytes) -> None:
        squeezed = zstandard.ZstdCompressor(level=3).compress(plain)
        with self.open() as work:
            self._touch(work, table)
            row = {
                "tenant_id": work.tenant_id,
                "id": (part_id := new_id()),
                "export_id": self.export_id,
                "member": len(self.members),
                "place": place,
            }
            if day is None:
                sealed = PART.seal(work, self.vault, part_id, squeezed)
                work.connection.execute(insert(ExportPart).values(**row, part_sealed=sealed))
                return
            key = call_key(work, self.vault, day)
            sealed = sealing.seal(key, _meaning(work, part_id), squeezed)
            values = {**row, "day": day, "part_sealed": sealed}
            work.connection.execute(insert(ExportDayPart).values(values))

    def _touch(self, work: UnitOfWork, table: str) -> None:
        """Say how far it is, if this run still is the one."""
        mine = update(TenantExport).where(
            TenantExport.tenant_id == work.tenant_id,
            TenantExport.id == self.export_id,
            TenantExport.state == ExportState.RUNNING.value,
            TenantExport.began_at == self.began_at,
        )
        told = mine.values(table_now=table, rows_done=self.rows, size=self._size)
        if work.connection.execute(told).rowcount != 1:
            raise ExportWithdrawn


def read_part(
    work: UnitOfWork, vault: Keyring, export_id: uuid.UUID, number: int, place: int, member: Member
) -> bytes:
    """One piece of a file.

    Raises:
        ExportWithdrawn: it is gone. DayEnded, OpenError: its day is over.
    """
    if member.day is None:
        kept = _find(work, ExportPart, export_id, number, place)
        squeezed = PART.open(work, vault, kept.id, kept.part_sealed)
    else:
        day = _find(work, ExportDayPart, export_id, number, place)
        key = vault.day_key(work, service=SERVICE, data=KIND, day=day.day)
        squeezed = sealing.open(key, _meaning(work, day.id), day.part_sealed)
    return zstandard.ZstdDecompressor().decompress(squeezed)


def drop_parts(work: UnitOfWork, export_id: uuid.UUID) -> None:
    """Delete what lies aside for an export."""
    for table in (ExportPart, ExportDayPart):
        mine = delete(table).where(table.tenant_id == work.tenant_id, table.export_id == export_id)
        work.connection.execute(mine)


def _find(work: UnitOfWork, table: type[P], export_id: uuid.UUID, number: int, place: int) -> P:
    statement = select(table).where(
        table.export_id == export_id, table.member == number, table.place == place
    )
    found = work.session.scalar(statement)
    if found is None:
        raise ExportWithdrawn
    return found


def _meaning(work: UnitOfWork, part_id: uuid.UUID) -> Meaning:
    return Meaning(DAY_PART, work.tenant_id, "export_day_parts", part_id, "part_sealed")
