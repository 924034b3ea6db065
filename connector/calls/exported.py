"""An exported call: one JSON object a line, or one line of CSV. Both say when its day ends."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Final

import msgspec

from connector.calls.cells import to_cell
from connector.calls.shapes import CallRecord, Direction
from connector.calls.views import ContactSource, source_of_names


class ExportForm(StrEnum):
    """How an export is written."""

    JSON_LINES = "jsonl"
    CSV = "csv"


class ExportedCall(msgspec.Struct, frozen=True, gc=False):
    """The fields of the API's call. At `destroyed_at` the original ends; so should the copy."""

    id: str
    account: str
    version: int
    direction: Direction
    source_id: str | None
    caller: str | None
    called: str | None
    user_id: str | None
    contact_person: str | None
    company: str | None
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    day: date
    destroyed_at: datetime
    contact_source: ContactSource | None
    contact_id: str | None
    do_not_call: bool
    restricted: bool


def exported(
    place: tuple[str, str],
    record: CallRecord,
    day: date,
    destroyed_at: datetime,
    contact_id: uuid.UUID | None = None,
    *,
    do_not_call: bool = False,
    restricted: bool = False,
) -> ExportedCall:
    """The call at `place` (its id and its account's).

    Args:
        contact_id: the contact that its names are from, where the exchange sent none.
        do_not_call: somebody on it objects to being reached.
        restricted: the use of somebody's data on it is restricted, and left out.
    """
    return ExportedCall(
        place[0],
        place[1],
        record.version,
        record.direction,
        record.source_id,
        record.caller,
        record.called,
        record.user_id,
        record.contact_person,
        record.company,
        record.started_at,
        record.answered_at,
        record.ended_at,
        day,
        destroyed_at,
        source_of_names(record) if contact_id is None else ContactSource.CONTACT,
        None if contact_id is None else str(contact_id),
        do_not_call,
        restricted,
    )


Write = Callable[[Sequence[ExportedCall]], bytes]

_encoder: Final = msgspec.json.Encoder()


def head_of(form: ExportForm) -> bytes:
    """What stands before the first call."""
    names = ExportedCall.__struct_fields__
    return b"" if form is ExportForm.JSON_LINES else f"{','.join(names)}\r\n".encode()


def writer_of(form: ExportForm) -> Write:
    """What turns calls into lines."""
    return _encoder.encode_lines if form is ExportForm.JSON_LINES else _csv_lines


def _csv_lines(calls: Iterable[ExportedCall]) -> bytes:
    """RFC 4180, UTF-8. Times are those of JSON lines: written one by one they cost half of all."""
    rows: list[list[str]] = msgspec.to_builtins([_cells(call) for call in calls])
    return "".join(map(_line, rows)).encode("utf-8", "replace")


def _line(cells: list[str]) -> str:
    """Quotes only where they are needed, and then around each cell: few lines need them."""
    line = ",".join(cells)
    bare = '"' not in line and "\n" not in line and "\r" not in line
    if not bare or line.count(",") >= len(cells):
        line = ",".join(['"' + cell.replace('"', '""') + '"' for cell in cells])
    return line + "\r\n"


def _cells(call: ExportedCall) -> tuple[object, ...]:
    """Text, or what becomes text."""
    return (
        call.id,
        call.account,
        str(call.version),
        call.direction,
        to_cell(call.source_id),
        to_cell(call.caller),
        to_cell(call.called),
        to_cell(call.user_id),
        to_cell(call.contact_person),
        to_cell(call.company),
        call.started_at,
        call.answered_at or "",
        call.ended_at or "",
        call.day,
        call.destroyed_at,
        call.contact_source or "",
        call.contact_id or "",
        "true" if call.do_not_call else "false",
        "true" if call.restricted else "false",
    )
