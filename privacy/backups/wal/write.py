"""Write what an operator asked to be written, whole or not at all, and nothing over it."""

import os
import pwd
import secrets
from pathlib import Path

from privacy.core.errors import Misconfigured
from privacy.vault.folders import sync_folder


def write_new(path: Path, content: str, *, owner: str | None, mode: int, replace: bool) -> None:
    """Write `path`, owned by `owner` (a user of this host), with `mode`.

    Raises:
        Misconfigured: it is there already and `replace` is false, it is a link (whose end
            another may move), or it cannot be written.
    """
    if path.is_symlink():
        raise Misconfigured(f"{path} is a link: name the file itself; nothing was changed.")
    if path.exists() and not replace:
        raise Misconfigured(f"{path} exists already; nothing was changed.")
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        _write(beside, content, owner, mode)
        beside.rename(path)
        sync_folder(path.parent)
    except OSError as error:
        raise Misconfigured(f"{path} cannot be written: {error.strerror}.") from None
    finally:
        beside.unlink(missing_ok=True)


def _write(path: Path, content: str, owner: str | None, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        if owner is not None:
            user = _user(owner)
            os.fchown(descriptor, user.pw_uid, user.pw_gid)
        os.fchmod(descriptor, mode)
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _user(name: str) -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        raise Misconfigured(f"There is no user {name} on this host: name one (--owner).") from None
