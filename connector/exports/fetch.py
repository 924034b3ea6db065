"""Fetch an export: once. It is encrypted while it is sent, and what lay aside goes."""

import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

import msgspec

from connector.calls.keeping import call_keys, kept_days
from connector.exports.ages import Lock, check_passphrase, locked
from connector.exports.ask import find_export
from connector.exports.decisions import DERIVED, LEFT
from connector.exports.layouts import (
    FORMAT,
    MANIFEST,
    README,
    README_TEXT,
    VERSION,
    Manifest,
    Member,
    Origin,
    compressed,
    ending,
    header,
    manifest_bytes,
    padding,
    whole,
)
from connector.exports.models import ExportState, TenantExport
from connector.exports.parts import drop_parts, read_part
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict, Gone, Invalid
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring
from tenants.tenants.views import view_tenant

OpenWork = Callable[[], AbstractContextManager[UnitOfWork]]
OVER: Final = {
    ExportState.FETCHED: "It was fetched already. Make another one.",
    ExportState.EXPIRED: "Nobody fetched it in seven days. Make another one.",
    ExportState.WITHDRAWN: "Somebody was erased after it was made. Make another one.",
    ExportState.FAILED: "It could not be made. Make another one.",
}


class ExportNotReady(Conflict):
    """It is being made."""

    code = "export_not_ready"
    message = "The export is not ready yet."


@dataclass(frozen=True, slots=True)
class Fetched:
    """An export that was claimed: nobody else gets it."""

    open: OpenWork
    vault: Keyring
    export_id: uuid.UUID
    lock: Lock = field(repr=False)
    contents: dict[str, Any]
    fetched_at: datetime

    @property
    def file_name(self) -> str:
        """What it is saved as; it names nobody."""
        return f"silta-{self.fetched_at:%Y%m%d-%H%M}.tar.zst.age"

    def parts(self) -> Generator[bytes]:
        """The encrypted archive. What lay aside is deleted when it ends, however it ends."""
        try:
            with closing(self._files()) as files:
                yield from locked(compressed(files), self.lock)
        finally:
            with self.open() as work:
                drop_parts(work, self.export_id)

    def _files(self) -> Generator[bytes]:
        at = self.fetched_at
        yield whole(README, README_TEXT, at)
        sent, ended = list[Member](), list[date]()
        for number, member in enumerate(msgspec.convert(self.contents["members"], list[Member])):
            if member.day is not None and not self._lives(member.day):
                ended.append(member.day)
                continue
            yield header(member.path, member.size, at)
            yield from self._content(number, member)
            yield padding(member.size)
            sent.append(member)
        yield whole(MANIFEST, manifest_bytes(self._manifest(sent, ended)), at)
        yield ending()

    def _lives(self, day: date) -> bool:
        with self.open() as work:
            return day in call_keys(work, self.vault, kept_days(work), first=day, last=day)

    def _content(self, number: int, member: Member) -> Iterator[bytes]:
        size, place = 0, 0
        while size < member.size:
            with self.open() as work:
                part = read_part(work, self.vault, self.export_id, number, place, member)
            size, place = size + len(part), place + 1
            yield part

    def _origin(self) -> Origin:
        """With the name that is in no statement and in no row of an export."""
        kept = msgspec.convert(self.contents["tenant"], Origin)
        with self.open() as work:
            return msgspec.structs.replace(kept, name=view_tenant(self.vault, work).name)

    def _manifest(self, sent: list[Member], ended: list[date]) -> Manifest:
        return Manifest(
            format=FORMAT,
            version=VERSION,
            schema=self.contents["schema"],
            export_id=str(self.export_id),
            snapshot_at=datetime.fromisoformat(self.contents["snapshot_at"]),
            fetched_at=self.fetched_at.astimezone(UTC),
            tenant=self._origin(),
            members=sent,
            ended_days=ended,
            left_behind=self.contents["left_behind"],
            left_out={**LEFT, **DERIVED},
        )


def check_export(work: UnitOfWork, *, export_id: uuid.UUID) -> TenantExport:
    """An export that can be fetched now.

    Raises:
        NotFound; ExportNotReady; Gone: it was fetched, withdrawn, or its time is over.
    """
    return _ready(work, find_export(work, export_id))


def fetch_export(
    open_work: OpenWork, vault: Keyring, *, export_id: uuid.UUID, passphrase: str | None = None
) -> Fetched:
    """Claim an export, once; the ledger says so before a byte of it leaves.

    Args:
        passphrase: what will open it, where it is not for a public key. It is kept nowhere.

    Raises:
        NotFound; ExportNotReady; Gone; Invalid: a passphrase is wanted, or too short.
    """
    with open_work() as work:
        row = _ready(work, find_export(work, export_id, lock=True))
        if row.recipient is not None:
            if passphrase:
                raise Invalid(fields={"passphrase": "This export is for a key; leave it empty."})
            lock = Lock(recipient=row.recipient)
        else:
            lock = Lock(passphrase=check_passphrase(passphrase or ""))
        row.state, row.fetched_at = ExportState.FETCHED.value, work.now
        record(work, Event.EXPORT_FETCHED, subject=row.id, facts={"rows": row.rows_done})
        return Fetched(open_work, vault, row.id, lock, row.contents, work.now)


def _ready(work: UnitOfWork, row: TenantExport) -> TenantExport:
    state = ExportState(row.state)
    if state is ExportState.READY:
        if row.expires_at is None or row.expires_at > work.now:
            return row
        state = ExportState.EXPIRED
    if state in OVER:
        raise Gone(OVER[state])
    raise ExportNotReady
