"""Unpack an archive into an empty folder: all of it, or nothing (ATTACK 49; ASVS 5.0, 5.3.3).

The standard library's own unpacking is not used: tarfile without a filter writes outside the
folder, and both believe what an archive says of its size.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, Final

from privacy.core.archives.entries import BROKEN, entries_of
from privacy.core.archives.limits import ArchiveLimits
from privacy.core.archives.names import safe_name, same_file
from privacy.core.archives.refusals import ArchiveRefused

LIMITS: Final = ArchiveLimits()
_CHUNK: Final = 256 * 1024
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def unpack(stream: BinaryIO, into: Path, *, limits: ArchiveLimits = LIMITS) -> list[Path]:
    """The files, in the archive's order, readable by this user only.

    Args:
        stream: seekable; zip, tar, or tar in gzip.
        into: a folder that does not exist yet; it is gone again when the archive is refused.

    Raises:
        ArchiveRefused: it is none, or it has what no archive of files has.
    """
    into.mkdir(mode=0o700)
    try:
        return list(_files(stream, into, limits))
    except ArchiveRefused:
        shutil.rmtree(into)
        raise
    except BROKEN:
        shutil.rmtree(into)
        raise ArchiveRefused("no form that we can read") from None
    except BaseException:
        shutil.rmtree(into, ignore_errors=True)
        raise


def _files(stream: BinaryIO, into: Path, limits: ArchiveLimits) -> Iterator[Path]:
    left = limits.most(stream.seek(0, 2))
    seen: dict[str, bool] = {}
    for count, entry in enumerate(entries_of(stream, limits), start=1):
        if count > limits.entries:
            raise ArchiveRefused("more files than allowed")
        place = safe_name(entry.name)
        _note(seen, place, folder=entry.open is None)
        if entry.open is None:
            _folder(into, place)
            continue
        _folder(into, place.parent)
        with entry.open() as content:
            left -= _write(content, into / place, left)
        yield into / place


def _note(seen: dict[str, bool], place: PurePosixPath, *, folder: bool) -> None:
    """Each file once, and none where a folder is. Folders may be named as often as they like."""
    for parent in place.parents:
        if not seen.setdefault(same_file(parent), True):
            raise ArchiveRefused("a file that is a folder, too")
    name = same_file(place)
    if name in seen and not (folder and seen[name]):
        raise ArchiveRefused("two files of one name")
    seen[name] = folder


def _folder(into: Path, place: PurePosixPath) -> None:
    for parent in (*reversed(place.parents), place):
        (into / parent).mkdir(mode=0o700, exist_ok=True)


def _write(content: IO[bytes], path: Path, most: int) -> int:
    """Bytes written. Raises ArchiveRefused as soon as they are more than `most`."""
    written = 0
    with os.fdopen(os.open(path, _NEW, 0o600), "wb") as file:
        while some := content.read(_CHUNK):
            written += len(some)
            if written > most:
                raise ArchiveRefused("more in it than allowed")
            file.write(some)
    return written


def is_archive(stream: BinaryIO) -> bool:
    """Whether it begins as one. Texts do not."""
    stream.seek(0)
    opening = stream.read(512)
    stream.seek(0)
    return opening[:2] in (b"PK", b"\x1f\x8b") or opening[257:262] == b"ustar"
