"""Lines of an archive as rows: read strictly, before anything is done with them."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import Table

from connector.calls.shapes import CallRecord
from connector.exports import cells
from connector.exports.decisions import TAKEN
from connector.exports.layouts import CALLS, RECORDS
from connector.exports.tables import sealed_columns, table_of, written_columns
from connector.exports.values import NotPortable, meant
from privacy.backups.errors import ArchiveDamaged
from privacy.suppressions.causes import Cause


@dataclass(frozen=True, slots=True)
class RowRead:
    """A line of a table. `sealed`: what is sealed again; an attachment's path until it comes."""

    values: dict[str, Any]
    sealed: dict[str, bytes]
    attached: Mapping[str, str]


class CallLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of a day."""

    id: uuid.UUID
    account_id: uuid.UUID
    call: dict[str, Any]
    documents: list[dict[str, Any]]


class SuppressionLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of `records/suppressions.jsonl`."""

    way: str
    identity: str
    objection: str
    cause: Cause
    created_at: str


_calls: Final = msgspec.json.Decoder(CallLine)
_suppressions: Final = msgspec.json.Decoder(SuppressionLine)
_documents: Final = msgspec.json.Decoder(dict[str, Any])


def read_row(table: Table, line: bytes) -> RowRead:
    """A line of `records/<table>.jsonl`. Columns that an older archive lacks are left out.

    Raises:
        NotPortable: it is none.
    """
    document = _documents.decode(line)
    columns, sealed = {one.name: one for one in written_columns(table)}, sealed_columns(table.name)
    if document.keys() - columns.keys():
        raise NotPortable
    row = RowRead({}, {}, attached := {})
    for name, value in document.items():
        if name not in sealed or value is None:
            row.values[name] = cells.read(columns[name], value)
        elif isinstance(value, dict) and "attachment" in value:
            attached[name] = str(value["attachment"])
        else:
            row.sealed[name] = meant(value)
    if {one.name for one in table.primary_key.columns} - row.values.keys() != {"tenant_id"}:
        raise NotPortable
    return row


def read_call(line: bytes) -> tuple[CallLine, CallRecord, list[bytes]]:
    """A line of `calls/<day>.jsonl`. Raises NotPortable."""
    read = _calls.decode(line)
    fields = [read.call.get(name) for name in CallRecord.__struct_fields__]
    record = msgspec.convert(fields, CallRecord)
    return read, record, [meant(one) for one in read.documents]


def read_suppression(line: bytes) -> SuppressionLine:
    """A line of `records/suppressions.jsonl`."""
    return _suppressions.decode(line)


def check_line(path: str, number: int, line: bytes) -> None:
    """Whether it can be brought in. Raises ArchiveDamaged."""
    try:
        _check(path, line)
    except (NotPortable, msgspec.MsgspecError, ValueError, TypeError, KeyError):
        raise ArchiveDamaged(f"{path}, line {number}, cannot be read.") from None


def _check(path: str, line: bytes) -> None:
    name = path.removeprefix(RECORDS).removesuffix(".jsonl")
    if path.startswith(CALLS):
        read_call(line)
    elif name in TAKEN:
        read_row(table_of(name), line)
    elif name == "suppressions":
        read_suppression(line)
    else:
        _documents.decode(line)
