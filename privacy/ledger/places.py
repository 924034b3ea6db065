"""Where each tenant's anchored heads stand in their files: found in one reading, then read on.

Eight bytes a head are kept, not the heads: a chain of years is read from the files as it is
walked, and verifying a thousand tenants reads the files twice and not a thousand times.
"""

import uuid
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

_OFFSET_BITS: Final = 40
"""A file has at most a terabyte; what is left of 64 bits is the file's number."""
_OFFSET: Final = (1 << _OFFSET_BITS) - 1
_BEGINS: Final = b'{"tenant":"'
_TENANT: Final = slice(len(_BEGINS), len(_BEGINS) + 36)
RESTARTED: Final = b'"restored"'
"""Stands in the line of a restart, and in no other."""


@dataclass(slots=True)
class Places:
    """Of one tenant: every line, and those that may be restarts. A later line stands higher."""

    lines: "array[int]" = field(default_factory=lambda: array("Q"))
    restarts: list[int] = field(default_factory=list)


class LineIndex:
    """An index of a folder's files, which only ever grow; the newest is the last by name."""

    def __init__(self, folder: Path, pattern: str) -> None:
        self._folder, self._pattern = folder, pattern
        self._files: list[Path] = []
        self._ends: list[int] = []
        self._places: dict[uuid.UUID, Places] = {}

    def of(self, tenant_id: uuid.UUID) -> Places:
        """Where a tenant's lines are, with what was written since the last question."""
        self._read_on()
        return self._places.get(tenant_id, Places())

    def read(self, places: Iterable[int]) -> Iterator[tuple[int, bytes]]:
        """Each place with its line."""
        opened: BinaryIO | None = None
        number = -1
        try:
            for place in places:
                if opened is None or place >> _OFFSET_BITS != number:
                    if opened is not None:
                        opened.close()
                    number = place >> _OFFSET_BITS
                    opened = self._files[number].open("rb")
                opened.seek(place & _OFFSET)
                yield place, opened.readline()
        finally:
            if opened is not None:
                opened.close()

    def _read_on(self) -> None:
        for path in sorted(self._folder.glob(self._pattern)):
            if path not in self._files:
                self._files.append(path)
                self._ends.append(0)
            number = self._files.index(path)
            if path.stat().st_size > self._ends[number]:
                self._ends[number] = self._note(path, number, self._ends[number])

    def _note(self, path: Path, number: int, offset: int) -> int:
        with path.open("rb") as file:
            file.seek(offset)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                tenant_id = _tenant_in(line)
                if tenant_id is not None:
                    places = self._places.setdefault(tenant_id, Places())
                    places.lines.append(number << _OFFSET_BITS | offset)
                    if RESTARTED in line:
                        places.restarts.append(number << _OFFSET_BITS | offset)
                offset += len(line)
        return offset


def _tenant_in(line: bytes) -> uuid.UUID | None:
    """Whose line it is, without reading the rest of it; None for what is none of ours."""
    try:
        return uuid.UUID(line[_TENANT].decode()) if line.startswith(_BEGINS) else None
    except ValueError:
        return None
