"""Passwords of the embedded servers: random, made once, kept in one file that only we can read."""

import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from jobs.embedded.errors import StackError


def passwords_in(path: Path, *, names: Iterable[str]) -> dict[str, str]:
    """Return name → password for `names`, making and keeping (0600) those not there yet."""
    kept = _read(path)
    made = {name: secrets.token_urlsafe(32) for name in names if name not in kept}
    if made:
        kept |= made
        _write(path, kept)
    return kept


def _read(path: Path) -> dict[str, str]:
    try:
        text = path.read_text()
    except FileNotFoundError:
        return {}
    except PermissionError:
        raise StackError(
            f"{path} cannot be read: run as the user it belongs to, or delete {path.parent}."
        ) from None
    try:
        return dict(json.loads(text))
    except ValueError:
        raise StackError(f"{path} is damaged. Restore it, or delete {path.parent}.") from None


def _write(path: Path, passwords: dict[str, str]) -> None:
    """Write beside, sync, rename: a killed run leaves the old file or the new one, never half."""
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(passwords, file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
