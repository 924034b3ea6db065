"""Files of a tar that comes as a stream, in flat memory, whatever it says of itself.

Only what `tarfile.USTAR_FORMAT` writes for plain files is read. tarfile itself would read a long
name or extended header, however long it claims to be, in one piece, and remember every entry.
"""

import io
import tarfile
from collections.abc import Iterator
from typing import IO, Final, Protocol, cast

from privacy.core.archives.refusals import ArchiveRefused

_BLOCK: Final = tarfile.BLOCKSIZE
_PIECE: Final = 64 * 1024


class Forward(Protocol):
    """A stream that cannot be gone back in."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes; nothing at the end."""


class CutShort(ArchiveRefused):
    """The stream ended in the middle of a file or of a header."""


def stream_files(stream: Forward) -> Iterator[tuple[str, IO[bytes]]]:
    """Name and content of each file, in order; what is left unread of one is passed over.

    Ends at the archive's end: two empty blocks. What follows is left in `stream`.

    Raises:
        ArchiveRefused: something else than plain files, or nonsense. CutShort.
    """
    while (header := _exactly(stream, _BLOCK)).strip(b"\0"):
        name, size = _plain_file(header)
        part = _Part(stream, size)
        # Buffered for its lines; of the stream it asks for no more than the part has.
        content = io.BufferedReader(part, _PIECE)
        yield name, cast("IO[bytes]", content)
        part.pass_over()
    if _exactly(stream, _BLOCK).strip(b"\0"):
        raise ArchiveRefused("something after its end")


def _plain_file(header: bytes) -> tuple[str, int]:
    try:
        told = tarfile.TarInfo.frombuf(header, "ascii", "strict")
    except (tarfile.TarError, UnicodeError, ValueError):
        raise ArchiveRefused("a header that cannot be read") from None
    if told.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or told.size < 0:
        raise ArchiveRefused("links, devices or extended headers")
    return told.name, told.size


def _exactly(stream: Forward, size: int) -> bytes:
    found = bytearray()
    while len(found) < size:
        some = stream.read(size - len(found))
        if not some:
            raise CutShort("no end")
        found += some
    return bytes(found)


class _Part(io.RawIOBase):
    """One file's bytes, and the padding behind them."""

    def __init__(self, stream: Forward, size: int) -> None:
        self._stream, self._left, self._padding = stream, size, -size % _BLOCK

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        some = self._stream.read(min(len(buffer), self._left, _PIECE))
        if not some and self._left and len(buffer):
            raise CutShort("no end")
        buffer[: len(some)] = some
        self._left -= len(some)
        return len(some)

    def pass_over(self) -> None:
        """To the beginning of what comes next."""
        while self._left:
            some = self._stream.read(min(self._left, _PIECE))
            if not some:
                raise CutShort("no end")
            self._left -= len(some)
        if self._padding:
            _exactly(self._stream, self._padding)
