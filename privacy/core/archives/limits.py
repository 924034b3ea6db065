"""How much of an archive is unpacked, counted while it is unpacked: what it says of itself is
not believed."""

from dataclasses import dataclass
from typing import BinaryIO, Final

from privacy.core.archives.refusals import ArchiveRefused

FREE: Final = 1024 * 1024
"""Below this size the ratio is not looked at."""
MOST_AT_ONCE: Final = 1024 * 1024
"""Bytes that may be asked for at once: tarfile reads a header, however long, in one piece."""


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """Bytes after unpacking; unpacked to packed."""

    entries: int = 1_000
    total_bytes: int = 4 * 1024 * 1024 * 1024
    ratio: int = 200

    def most(self, packed: int) -> int:
        """Bytes that an archive of so many bytes may have in it."""
        return min(self.total_bytes, max(FREE, packed * self.ratio))


class Bounded:
    """A file that ends in a refusal beyond its limit, be it read or skipped."""

    def __init__(self, stream: BinaryIO, most: int) -> None:
        self._stream, self._most, self._at = stream, most, 0

    def read(self, size: int = -1) -> bytes:
        """See BinaryIO.read; all at once is too much."""
        if not 0 <= size <= MOST_AT_ONCE:
            raise ArchiveRefused("a header that is longer than allowed")
        self._check(self._at + size)
        some = self._stream.read(size)
        self._at += len(some)
        return some

    def seek(self, place: int, whence: int = 0) -> int:
        """From the beginning only."""
        self._check(place)
        if whence or place < 0:
            raise ArchiveRefused("parts in another order than allowed")
        self._at = self._stream.seek(place)
        return self._at

    def tell(self) -> int:
        """Where it is."""
        return self._at

    def _check(self, place: int) -> None:
        # tarfile asks for whole blocks, and may so look a little behind the end.
        if place > self._most + MOST_AT_ONCE:
            raise ArchiveRefused("more in it than allowed")
