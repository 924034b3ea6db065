"""Folders of the embedded servers: private, reachable by the servers' user, short socket names."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import stat
from pathlib import Path

from jobs.embedded.children import end_strays
from jobs.embedded.errors import StackError
from jobs.embedded.users import ServerUser

LONGEST_SOCKET_PATH = 103
"""Bytes in sun_path, terminator included: 108 on Linux, 104 on macOS."""

ELSEWHERE = Path("/var/lib/silta")
"""Where root puts what the servers' user cannot reach below the project (a clone in /root, say)."""


def private_folder(path: Path, user: ServerUser) -> Path:
    """Make `path` a real folder that only `user` can enter; refuse one put there by others."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    state = path.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid not in {user.uid, os.geteuid()}:
        raise StackError(f"{path} belongs to another user: delete it, or run as its owner.")
    path.chmod(0o700)
    user.own(path)
    return path


def passage(path: Path, user: ServerUser) -> Path:
    """Make `path` a folder of ours that `user` may pass through (not list) when that is not us."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.stat().st_uid == os.geteuid():
        path.chmod(0o711 if user.dropped else 0o700)
    return path


def reachable_folder(path: Path, user: ServerUser) -> Path:
    """Return the place for what belongs in `path`; outside, with a link, where `user` cannot go."""
    if path.is_symlink():
        return path.resolve()
    if user.reaches(path):
        return path
    if path.exists():
        closed = user.closed_above(path)
        raise StackError(
            f"{path} was moved below {closed}, which the servers' user cannot enter: "
            f"move it back, or let others pass (chmod o+x {closed})."
        )
    outside = passage(passage(ELSEWHERE, user) / digest_of(path), user) / path.name
    # Data without its link belongs to a folder that somebody has deleted, passwords and all.
    end_strays(outside, ask=signal.SIGKILL)
    remove(outside)
    path.symlink_to(outside)
    return outside


def socket_folder(path: Path, user: ServerUser, *, longest_name: str) -> Path:
    """Return a private folder for a socket: `path`, or a short one where that is long or closed."""
    fits = len(os.fsencode(path / longest_name)) <= LONGEST_SOCKET_PATH
    if fits and user.reaches(path):
        return private_folder(path, user)
    short = Path("/tmp") / f"silta-{user.uid}-{digest_of(path)}"  # noqa: S108 – checked for its owner
    return private_folder(short, user)


def drop_socket_folder(path: Path) -> None:
    """Remove a socket's folder once nothing is in it; the next start makes it again."""
    with contextlib.suppress(OSError):
        path.rmdir()


def digest_of(path: Path) -> str:
    """Return a short name for `path` that stays the same from run to run."""
    return hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:12]


def remove(path: Path) -> None:
    """Remove a folder and what is in it, if it is there."""
    if path.exists():
        shutil.rmtree(path)


class FolderLock:
    """Holds a folder for one process; the kernel lets go when that process ends in any way."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "lock"
        self._held: int | None = None

    def take(self) -> None:
        """Take the lock, or say who has it."""
        try:
            held = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except PermissionError:
            raise StackError(
                f"{self._path.parent} belongs to another user: run as that user, or delete it."
            ) from None
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.pread(held, 20, 0).decode(errors="replace").strip() or "unknown"
            os.close(held)
            raise StackError(
                f"{self._path.parent} is in use by process {holder}: stop that one first."
            ) from None
        os.ftruncate(held, 0)
        os.pwrite(held, f"{os.getpid()}\n".encode(), 0)
        self._held = held

    def release(self) -> None:
        """Let go; harmless when not held."""
        if self._held is not None:
            os.close(self._held)
            self._held = None
