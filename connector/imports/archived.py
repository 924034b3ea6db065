"""Rotated logs of an exchange come as archives: their files, for as long as they are read."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from privacy.core.archives.unpack import is_archive, unpack


@contextmanager
def files_in(path: Path) -> Iterator[list[Path]]:
    """The file itself, or the files of an archive in its order.

    They are unpacked beside the archive, so that what it holds lies nowhere else than it did, and
    are gone afterwards.

    Raises:
        ArchiveRefused: it is an archive, and no good one.
        OSError: its folder cannot be written to.
    """
    with path.open("rb") as stream:
        if not is_archive(stream):
            yield [path]
            return
        with tempfile.TemporaryDirectory(prefix=".silta-import-", dir=path.parent) as folder:
            yield unpack(stream, Path(folder) / "files")
