"""Entries of a tar or zip archive: plain files and folders, and nothing else."""

import gzip
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, Final, cast

from privacy.core.archives.limits import ArchiveLimits, Bounded
from privacy.core.archives.refusals import ArchiveRefused

BROKEN: Final = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
    RecursionError,
)
"""What the standard library says of archives that are none; a chain of tar headers recurses."""
_GZIP, _ZIP, _END = b"\x1f\x8b", b"PK", b"PK\x05\x06"
_END_SIZE, _LONGEST_COMMENT, _PER_ENTRY = 22, 65_535, 1_024


@dataclass(frozen=True, slots=True)
class Entry:
    """A name as it stands in the archive, and how to read the file; None for a folder."""

    name: str
    open: Callable[[], IO[bytes]] | None


def entries_of(stream: BinaryIO, limits: ArchiveLimits) -> Iterator[Entry]:
    """In the archive's order; each has to be read before the next. zip, tar, and tar in gzip.

    Raises ArchiveRefused, and BROKEN.
    """
    size = stream.seek(0, 2)
    stream.seek(0)
    opening = stream.read(2)
    stream.seek(0)
    if opening == _ZIP:
        return _of_zip(stream, size, limits)
    inner = gzip.GzipFile(fileobj=stream) if opening == _GZIP else stream
    return _of_tar(Bounded(cast("BinaryIO", inner), limits.most(size)))


def _of_tar(stream: Bounded) -> Iterator[Entry]:
    with tarfile.open(fileobj=cast("Any", stream), mode="r:") as archive:
        while (entry := archive.next()) is not None:
            # What was seen is not kept: a million entries are counted, not held.
            archive.members = []  # type: ignore[attr-defined]
            if entry.isdir():
                yield Entry(entry.name, None)
            elif entry.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and not entry.issparse():
                yield Entry(entry.name, _tar_file(archive, entry))
            else:
                raise ArchiveRefused("links, devices or sparse files")


def _tar_file(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> Callable[[], IO[bytes]]:
    def read() -> IO[bytes]:
        found = archive.extractfile(entry)
        if found is None:
            raise ArchiveRefused("a file without content")
        return found

    return read


def _of_zip(stream: BinaryIO, size: int, limits: ArchiveLimits) -> Iterator[Entry]:
    _check_directory(stream, size, limits)
    with zipfile.ZipFile(stream) as archive:
        for entry in archive.infolist():
            kind = stat.S_IFMT(entry.external_attr >> 16)
            if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise ArchiveRefused("links, devices or sparse files")
            if entry.flag_bits & 1:
                raise ArchiveRefused("a password")
            if "\x00" in entry.orig_filename:
                raise ArchiveRefused("a name that leads elsewhere, or nowhere")
            folder = entry.is_dir() or kind == stat.S_IFDIR
            yield Entry(entry.orig_filename, None if folder else _zip_file(archive, entry))


def _zip_file(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(entry)


def _check_directory(stream: BinaryIO, size: int, limits: ArchiveLimits) -> None:
    """zipfile reads the whole list of entries at once: so look how long it is before."""
    stream.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT))
    tail = stream.read()
    place = tail.rfind(_END)
    if place < 0 or len(tail) - place < _END_SIZE:
        raise ArchiveRefused("no end")
    count, length = struct.unpack_from("<HL", tail, place + 10)
    if count > limits.entries:
        raise ArchiveRefused("more files than allowed")
    if length > limits.entries * _PER_ENTRY:
        raise ArchiveRefused("a longer list of files than allowed")
    stream.seek(0)
