"""Root keys: the operator's, outside database, escrow and archives.

A root key file (mode 0600) or SILTA_ROOT_KEY holds lines (or `;`-separated entries)

    silta-root-<version> <base64 of 32 bytes>

Several versions may stand side by side while one is being replaced; the highest is current.
There is no "no key = plaintext": without one nothing starts.
"""

import binascii
import os
import re
import stat
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from privacy.core.settings import Settings
from privacy.vault.derivations import KEY_BYTES
from privacy.vault.errors import RootKeyRefused
from privacy.vault.folders import write_durably

_LINE = re.compile(r"silta-root-([1-9][0-9]{0,5}) +([A-Za-z0-9+/=]+)")


@dataclass(frozen=True)
class RootKeys:
    """Root keys by version. Does not print its keys and does not pickle."""

    versions: Mapping[int, bytes]

    def __repr__(self) -> str:
        return f"<RootKeys {sorted(self.versions)}>"

    def __reduce__(self) -> str:
        raise TypeError("a key does not travel")

    @property
    def current(self) -> int:
        """The version that wraps from now on."""
        return max(self.versions)


def load_roots(settings: Settings) -> RootKeys:
    """The root keys that `settings` name.

    Raises:
        RootKeyRefused: absent, readable by others, or malformed; one line says what to do.
    """
    if settings.root_key is not None:
        return parse_roots(settings.root_key.get_secret_value(), source="SILTA_ROOT_KEY")
    if settings.root_key_file is None:
        raise RootKeyRefused("Set SILTA_ROOT_KEY_FILE (or SILTA_ROOT_KEY): there is no root key.")
    return read_root_file(settings.root_key_file)


def read_root_file(path: Path) -> RootKeys:
    """Read a root key file that only this user can read. Raises RootKeyRefused."""
    try:
        with path.open("r", encoding="ascii", errors="replace") as file:
            _check_owner(os.fstat(file.fileno()), path)
            text = file.read()
    except OSError as error:
        raise RootKeyRefused(
            f"The root key file {path} cannot be read ({error.strerror}). Correct "
            "SILTA_ROOT_KEY_FILE, or give the file back."
        ) from None
    return parse_roots(text, source=f"the root key file {path}")


def parse_roots(text: str, *, source: str) -> RootKeys:
    """Read entries from text. Raises RootKeyRefused, which names `source` and never a value."""
    found: dict[int, bytes] = {}
    for entry in filter(None, (entry.strip() for entry in re.split(r"[\n;]", text))):
        match = _LINE.fullmatch(entry)
        key = _decode(match[2]) if match else None
        if match is None or key is None or int(match[1]) in found:
            raise RootKeyRefused(
                f"An entry of {source} is malformed: each reads `silta-root-<version> <base64 of "
                "32 bytes>`, each version once. Put the right one back from your safe."
            )
        found[int(match[1])] = key
    if not found:
        raise RootKeyRefused(f"There is no root key in {source}. Put it back from your safe.")
    return RootKeys(found)


def create_root_file(path: Path) -> RootKeys:
    """Make a root key file with version 1; an existing one is never touched.

    Raises:
        RootKeyRefused: there is a file already, or none can be written there.
    """
    try:
        if path.exists():
            raise RootKeyRefused(f"{path} exists already; it was left as it is.")
        path.parent.mkdir(parents=True, exist_ok=True)
        return _write(path, {1: os.urandom(KEY_BYTES)})
    except OSError as error:
        raise RootKeyRefused(f"{path} cannot be written: {error.strerror}.") from None


def add_root_version(path: Path) -> RootKeys:
    """Put a new version beside the others; it is current from now on."""
    roots = read_root_file(path)
    return _write(path, {**roots.versions, roots.current + 1: os.urandom(KEY_BYTES)})


def drop_old_roots(path: Path) -> RootKeys:
    """Keep the current version only. Rotate first, or what older ones wrap is lost."""
    roots = read_root_file(path)
    return _write(path, {roots.current: roots.versions[roots.current]})


def _write(path: Path, versions: Mapping[int, bytes]) -> RootKeys:
    write_durably(path, _format(versions.items()).encode())
    return read_root_file(path)


def _format(versions: Iterable[tuple[int, bytes]]) -> str:
    return "".join(f"silta-root-{n} {b64encode(key).decode()}\n" for n, key in sorted(versions))


def _decode(text: str) -> bytes | None:
    try:
        key = b64decode(text, validate=True)
    except binascii.Error:
        return None
    return key if len(key) == KEY_BYTES else None


def _check_owner(status: os.stat_result, path: Path) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise RootKeyRefused(f"The root key {path} is not a file. Correct SILTA_ROOT_KEY_FILE.")
    if status.st_mode & 0o077:
        raise RootKeyRefused(f"Other users may read the root key file. Run: chmod 600 {path}")
    if status.st_uid != os.geteuid():
        raise RootKeyRefused(
            f"The root key file belongs to another user. Run: chown {os.geteuid()} {path}"
        )
