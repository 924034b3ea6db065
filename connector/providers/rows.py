"""Rows of a CSV file, read as a stream, each with the place where the next one begins.

An import that was stopped continues from the last place whose rows were stored.
"""

import csv
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO, Final

import msgspec

from connector.calls.rejections import RejectionCode
from connector.providers.base import MappingError
from connector.providers.texts import decode_text

MAX_ROW: Final = 65_536
MAX_ROWS: Final = 100_000
"""In one request; a longer file is imported as a stream."""


class Row(msgspec.Struct, frozen=True):
    """One row: the byte where it begins, the byte after its end, its cells; None: unreadable."""

    begin: int
    end: int
    cells: list[str] | None


def rows_of(body: bytes, *, delimiter: str = ",") -> Iterator[Row]:
    """The rows of a file in memory. Raises MappingError where there are too many."""
    if body.count(b"\n") > MAX_ROWS:
        raise MappingError(RejectionCode.WRONG_SHAPE, "Send at most 100,000 rows at a time.")
    return read_rows(BytesIO(body), delimiter=delimiter)


def read_rows(stream: BinaryIO, *, offset: int = 0, delimiter: str = ",") -> Iterator[Row]:
    """The rows from a byte offset on that an earlier Row gave as its end; 0 is the beginning.

    A quoted cell can hold line ends. A quote that is never closed would swallow the rest of the
    file, so a row longer than 64 KiB is unreadable, alone, and reading goes on after its first
    line. Empty lines are no rows. Memory is that of one row.
    """
    stream.seek(offset)
    begin = offset
    while line := stream.readline(MAX_ROW):
        row, end = _complete(stream, line, begin + len(line))
        if line.strip():
            yield Row(begin, end, _cells(row, delimiter) if row else None)
        begin = end


def _complete(stream: BinaryIO, line: bytes, end: int) -> tuple[bytes | None, int]:
    """The line and what its open quote takes in, and where that ends; None: too long."""
    row = bytearray(line)
    quotes = line.count(b'"')
    while quotes % 2 and len(row) < MAX_ROW and (more := stream.readline(MAX_ROW - len(row))):
        row += more
        quotes += more.count(b'"')
    if len(row) < MAX_ROW and not quotes % 2:
        return bytes(row), end + len(row) - len(line)
    stream.seek(end)
    return None, end


def _cells(row: bytes, delimiter: str) -> list[str] | None:
    try:
        found = list(csv.reader([decode_text(row)], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return found[0] if len(found) == 1 else None
