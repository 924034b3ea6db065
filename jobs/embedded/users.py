"""Which user the servers run as: ourselves, or an ordinary user when we are root."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from jobs.embedded.errors import StackError


@dataclass(frozen=True, slots=True)
class ServerUser:
    """The account that a server runs under; `dropped` when that is not the account we run under."""

    uid: int
    gid: int
    dropped: bool

    def reaches(self, path: Path) -> bool:
        """Whether every folder above `path` lets this user through."""
        return self.closed_above(path) is None

    def closed_above(self, path: Path) -> Path | None:
        """Return the outermost folder above `path` that this user may not enter, if any."""
        above = (folder for folder in reversed(path.absolute().parents) if folder.exists())
        return next((folder for folder in above if not self._enters(folder)), None)

    def own(self, path: Path) -> None:
        """Give `path` to this user."""
        if self.dropped:
            os.chown(path, self.uid, self.gid)

    def _enters(self, folder: Path) -> bool:
        state = folder.stat()
        if state.st_uid == self.uid:
            return bool(state.st_mode & stat.S_IXUSR)
        if state.st_gid == self.gid:
            return bool(state.st_mode & stat.S_IXGRP)
        return bool(state.st_mode & stat.S_IXOTH)


def server_user(folder: Path) -> ServerUser:
    """Return who is to run a server with data in `folder`.

    PostgreSQL refuses to run as root, so root drops to the owner of the data (or of the nearest
    folder above it that exists), and to `nobody` where root owns that too.
    """
    if os.geteuid() != 0:
        return ServerUser(os.geteuid(), os.getegid(), dropped=False)
    nearest = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    owner = _account(nearest.stat().st_uid) or _account("nobody")
    if owner is None:
        raise StackError(
            "PostgreSQL does not run as root, and there is no user 'nobody': use an ordinary user."
        )
    return ServerUser(owner.pw_uid, owner.pw_gid, dropped=True)


def _account(name: int | str) -> pwd.struct_passwd | None:
    if name == 0:
        return None
    try:
        return pwd.getpwuid(name) if isinstance(name, int) else pwd.getpwnam(name)
    except KeyError:
        return None
