"""Files that hold keys: written whole or not at all, durable, and really removed.

Overwriting before unlinking is what a program can do; a copy-on-write or snapshotting file
system, or flash memory, may keep old blocks. Such a folder must not hold epoch keys.
"""

import contextlib
import os
import stat
from pathlib import Path

from privacy.core.errors import Misconfigured


def prepare_folder(folder: Path) -> None:
    """Make `folder` (0700) or check that nobody else may enter it.

    Raises:
        Misconfigured: others may; the message says what to do.
    """
    _make(folder)
    status = folder.stat()
    if not stat.S_ISDIR(status.st_mode) or status.st_mode & 0o077:
        raise Misconfigured(f"{folder}: other users may enter this key folder; chmod 700 it")
    if status.st_uid != os.geteuid():
        raise Misconfigured(f"{folder}: this key folder belongs to another user; chown it")


def write_durably(path: Path, content: bytes) -> None:
    """Put `content` at `path` (0600) in one step that survives a power cut."""
    part = _part_of(path)
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    part.rename(path)
    sync_folder(path.parent)


def destroy_file(path: Path) -> None:
    """Overwrite and remove `path` and whatever a killed write left beside it."""
    for file in (path, _part_of(path)):
        with contextlib.suppress(FileNotFoundError):
            _overwrite(file)
            file.unlink()
    if path.parent.exists():
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make names in `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make(folder: Path) -> None:
    if folder.exists():
        return
    _make(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def _part_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")


def _overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(os.urandom(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
