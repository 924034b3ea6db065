"""Exports as the API has them."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from connector.exports.ages import LONGEST_PASSPHRASE, SHORTEST_PASSPHRASE
from connector.exports.models import ExportState, TenantExport


class ExportWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A new export. Without a recipient, a passphrase is sent when it is fetched."""

    recipient: (
        Annotated[str, Meta(min_length=1, max_length=100, description="An age public key.")] | None
    ) = None


class FetchWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What will open the archive, where it has no recipient. It is kept nowhere."""

    passphrase: (
        Annotated[str, Meta(min_length=SHORTEST_PASSPHRASE, max_length=LONGEST_PASSPHRASE)] | None
    ) = None


class ExportFile(msgspec.Struct, frozen=True):
    """One file of the archive. `ends_at`: until when its content may be kept."""

    path: str
    rows: int
    size: int
    sha256: str
    day: date | None = None
    ends_at: datetime | None = None


class Export(msgspec.Struct, frozen=True):
    """One archive. `rows_done` of `rows_total` show how far it is; `files` are there at the end.

    `left_behind`: rows that no archive can hold, by table.
    """

    id: uuid.UUID
    state: ExportState
    recipient: str | None
    scheduled: bool
    created_at: datetime
    ready_at: datetime | None
    fetched_at: datetime | None
    expires_at: datetime | None
    rows_total: int
    rows_done: int
    size: int
    failure_code: str | None
    files: list[ExportFile]
    left_behind: dict[str, int]


class Exports(msgspec.Struct, frozen=True):
    """A page of exports, newest first. Without `next_before` it is the last one."""

    exports: list[Export]
    next_before: uuid.UUID | None


class ExportDone(msgspec.Struct, frozen=True):
    """It is done."""

    done: bool = True


def export_of(row: TenantExport) -> Export:
    """`row` for an answer."""
    return Export(
        id=row.id,
        state=ExportState(row.state),
        recipient=row.recipient,
        scheduled=row.scheduled,
        created_at=row.created_at,
        ready_at=row.ready_at,
        fetched_at=row.fetched_at,
        expires_at=row.expires_at,
        rows_total=row.rows_total,
        rows_done=row.rows_done,
        size=row.size,
        failure_code=row.failure_code,
        files=msgspec.convert(row.contents.get("members", []), list[ExportFile]),
        left_behind=row.contents.get("left_behind", {}),
    )


RECIPIENT_EXAMPLE: Final = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
EXPORT_EXAMPLE: Final[dict[str, Any]] = {
    "id": "0198c0de-0000-7000-8000-0000000000f1",
    "state": "ready",
    "recipient": RECIPIENT_EXAMPLE,
    "scheduled": False,
    "created_at": "2026-11-22T09:00:00Z",
    "ready_at": "2026-11-22T09:02:11Z",
    "fetched_at": None,
    "expires_at": "2026-11-29T09:02:11Z",
    "rows_total": 1204,
    "rows_done": 1204,
    "size": 482113,
    "failure_code": None,
    "files": [
        {
            "path": "calls/2026-11-21.jsonl",
            "rows": 204,
            "size": 61440,
            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "day": "2026-11-21",
            "ends_at": "2026-12-21T00:00:00Z",
        }
    ],
    "left_behind": {},
}
