"""Rows of an exchange's file as calls, in batches, each with the place from which to go on."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

from connector.accounts.kinds import AccountKind
from connector.calls.rejections import Rejection
from connector.calls.shapes import IncomingCall
from connector.providers.base import FileMapping, RawCall
from connector.providers.registry import FILES
from connector.providers.settings import AccountSettings
from privacy.core.errors import Invalid

BATCH: Final = 1_000
"""Rows that are committed together."""


@dataclass(slots=True)
class FileBatch:
    """Up to `BATCH` rows. `end` is the byte offset after the last of them."""

    end: int
    calls: list[IncomingCall] = field(default_factory=list)
    sources: list[bytes] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    rows: int = 0


def file_mapping(kind: AccountKind) -> FileMapping[Any]:
    """How files of this kind are read.

    Raises:
        Invalid: exchanges of this kind write no files.
    """
    if kind.value not in FILES:
        raise Invalid("Files are read for accounts of Asterisk and 3CX; others post their calls.")
    return FILES[kind.value]


def opening_of(mapping: FileMapping[Any], settings: AccountSettings, stream: BinaryIO) -> bytes:
    """The file up to the end of its first row: what it is known by, however much it grows.

    A header alone would not do: all files of one exchange begin with it.
    """
    end = next((end for end, _ in mapping.rows(stream, settings, offset=0)), 0)
    stream.seek(0)
    return stream.read(end).rstrip(b"\r\n")


def read_batches(
    mapping: FileMapping[Any], settings: AccountSettings, stream: BinaryIO, *, offset: int
) -> Iterator[FileBatch]:
    """Read a file from `offset` on."""
    batch = FileBatch(offset)
    for end, row in mapping.rows(stream, settings, offset=offset):
        _add(batch, mapping, settings, row)
        batch.end = end
        if batch.rows == BATCH:
            yield batch
            batch = FileBatch(end)
    if batch.rows:
        yield batch


def _add(
    batch: FileBatch, mapping: FileMapping[Any], settings: AccountSettings, row: RawCall | Rejection
) -> None:
    batch.rows += 1
    found = row if isinstance(row, Rejection) else mapping.map(row, settings)
    if isinstance(found, Rejection):
        batch.rejections.append(found)
    elif isinstance(found, IncomingCall) and isinstance(row, RawCall):
        batch.calls.append(found)
        batch.sources.append(row.document())
