"""An archive's ciphertext in parts: written one after the other, each put again if it must be."""

import hashlib
import time
from collections.abc import Callable
from typing import Final

import msgspec

from privacy.backups.errors import ArchiveDamaged, ObjectMissing, StoreFailed
from privacy.backups.seals import Writable
from privacy.backups.stores import OffsiteStore

PART_BYTES: Final = 8 << 20
PAUSES: Final = (1.0, 5.0, 25.0)
"""Seconds between the attempts at one part."""


class Part(msgspec.Struct, frozen=True, array_like=True):
    """One object of an archive: its name below the archive, size in bytes and SHA-256."""

    name: str
    size: int
    digest: bytes


class PartWriter:
    """Takes a stream, puts it in parts, and remembers the digests of each and of the whole."""

    def __init__(
        self,
        store: OffsiteStore,
        prefix: str,
        *,
        part_bytes: int = PART_BYTES,
        pauses: tuple[float, ...] = PAUSES,
        on_part: Callable[[Part], None] = lambda _part: None,
    ) -> None:
        self._store, self._prefix, self._pauses = store, prefix, pauses
        self._part_bytes, self._on_part = part_bytes, on_part
        self._kept = bytearray()
        self._whole = hashlib.sha256()
        self.parts: list[Part] = []

    def write(self, data: bytes, /) -> int:
        """See Writable."""
        self._whole.update(data)
        self._kept += data
        while len(self._kept) >= self._part_bytes:
            self._put(bytes(memoryview(self._kept)[: self._part_bytes]))
            del self._kept[: self._part_bytes]
        return len(data)

    def flush(self) -> None:
        """A part goes when it is full: nothing is hurried."""

    def finish(self) -> tuple[list[Part], bytes]:
        """Put what is left. Returns the parts and the digest of all of them in a row."""
        if self._kept or not self.parts:
            self._put(bytes(self._kept))
            self._kept.clear()
        return self.parts, self._whole.digest()

    def _put(self, content: bytes) -> None:
        part = Part(
            f"part-{len(self.parts) + 1:06}", len(content), hashlib.sha256(content).digest()
        )
        for pause in (*self._pauses, None):
            try:
                self._store.put(f"{self._prefix}{part.name}", content)
                break
            except StoreFailed:
                if pause is None:
                    raise
                time.sleep(pause)
        self.parts.append(part)
        self._on_part(part)


def fetch_parts(
    store: OffsiteStore, prefix: str, parts: list[Part], digest: bytes, into: Writable
) -> None:
    """Copy all parts into `into`, and compare every digest and the whole's.

    Raises:
        ArchiveDamaged: a part is missing, changed, cut or too long.
    """
    whole = hashlib.sha256()
    for part in parts:
        one, size = hashlib.sha256(), 0
        try:
            for piece in store.stream(f"{prefix}{part.name}"):
                one.update(piece)
                whole.update(piece)
                into.write(piece)
                size += len(piece)
        except ObjectMissing:
            raise ArchiveDamaged(f"{part.name} of the archive is missing.") from None
        if size != part.size or one.digest() != part.digest:
            raise ArchiveDamaged(f"{part.name} of the archive is not as it was written.")
    if whole.digest() != digest:
        raise ArchiveDamaged("The archive's parts are not as they were written.")
