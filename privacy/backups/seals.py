"""age streams (age-encryption.org/v1): sealed to public keys, opened by whoever has an identity.

The hosts that write hold public keys only, so they cannot read what they write (ATTACK 62).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Protocol

import pyrage
from pyrage import x25519

from privacy.backups.errors import ArchiveDamaged, KeyMissing
from privacy.core.errors import Misconfigured
from privacy.vault.folders import write_durably

_SECRET: Final = "AGE-SECRET-KEY-"  # noqa: S105
_OTHERS: Final = 0o077
_NO_KEY: Final = "No matching keys"


class Readable(Protocol):
    """Gives bytes."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes; none at the end."""


class Writable(Protocol):
    """Takes bytes."""

    def write(self, data: bytes, /) -> int:
        """All of `data`."""

    def flush(self) -> None:
        """Whatever was kept back."""


Recipients = Sequence[Any]
Identities = Sequence[Any]


def read_recipients(text: str | None) -> Recipients:
    """Public keys (`age1…`) separated by commas. Raises Misconfigured."""
    keys = [key.strip() for key in (text or "").split(",") if key.strip()]
    if not keys:
        raise Misconfigured("SILTA_BACKUP_RECIPIENTS is not set: archives need a public key")
    try:
        return [x25519.Recipient.from_str(key) for key in keys]
    except pyrage.RecipientError:
        raise Misconfigured("SILTA_BACKUP_RECIPIENTS: a key is not an age public key") from None


def read_identities(path: Path | None) -> Identities:
    """The private keys in a file as `age-keygen` writes it. Raises KeyMissing, Misconfigured."""
    if path is None:
        raise KeyMissing("No age identity was given: name its file.")
    try:
        if path.stat().st_mode & _OTHERS:
            raise Misconfigured(f"{path} is open to others: chmod 600 it.")
        lines = path.read_text().splitlines()
    except OSError as error:
        raise KeyMissing(f"The identity file cannot be read ({error.strerror}).") from None
    keys = [line.strip() for line in lines if line.startswith(_SECRET)]
    try:
        found = [x25519.Identity.from_str(key) for key in keys]
    except pyrage.IdentityError:
        raise KeyMissing(f"{path} holds no age identity.") from None
    if not found:
        raise KeyMissing(f"{path} holds no age identity.")
    return found


def make_identity(path: Path) -> str:
    """Make a pair; the private half goes to `path` (0600). Returns the public half."""
    identity = x25519.Identity.generate()
    public = str(identity.to_public())
    write_durably(path, f"# public key: {public}\n{identity}\n".encode())
    return public


def public_keys(path: Path) -> list[str]:
    """The public halves of a file of identities. Raises as `read_identities` does."""
    return [str(identity.to_public()) for identity in read_identities(path)]


def seal_stream(reader: Readable, writer: Writable, recipients: Recipients) -> None:
    """Encrypt all of `reader` into `writer`, in flat memory. What either raises is raised."""
    ends = _Ends(reader, writer)
    try:
        pyrage.encrypt_io(ends, ends, list(recipients))
    except (pyrage.EncryptError, OSError):
        ends.raise_own()
        raise


def open_stream(reader: Readable, writer: Writable, identities: Identities) -> None:
    """Decrypt all of `reader` into `writer`. A cut stream gives plaintext before it fails, so
    the whole must have been verified before.

    Raises:
        KeyMissing: none of `identities` fits.
        ArchiveDamaged: changed or cut.
    """
    ends = _Ends(reader, writer)
    try:
        pyrage.decrypt_io(ends, ends, list(identities))
    except (pyrage.DecryptError, OSError) as error:
        ends.raise_own()
        if _NO_KEY in str(error):
            raise KeyMissing("None of the age identities given opens this archive.") from None
        raise ArchiveDamaged("The archive does not decrypt.") from None


def check_identities(head: bytes, identities: Identities) -> None:
    """Whether one of `identities` opens an age file that begins with `head` (64 KiB suffice).

    Raises:
        KeyMissing: none does.
    """
    try:
        open_stream(_Bytes(head), _Nowhere(), identities)
    except ArchiveDamaged:
        return  # its header opened, and then there was no more of it


class _Bytes:
    """A reader of bytes at hand."""

    def __init__(self, content: bytes) -> None:
        self._left = memoryview(content)

    def read(self, size: int = -1, /) -> bytes:
        """See Readable."""
        cut = len(self._left) if size < 0 else size
        given, self._left = self._left[:cut], self._left[cut:]
        return bytes(given)


class _Nowhere:
    """A writer that keeps nothing."""

    def write(self, data: bytes, /) -> int:
        """See Writable."""
        return len(data)

    def flush(self) -> None:
        """See Writable."""


class _Ends:
    """Both ends of a stream. The library turns what they raise into a text: keep the original."""

    def __init__(self, reader: Readable, writer: Writable) -> None:
        self._reader, self._writer = reader, writer
        self._error: BaseException | None = None

    def read(self, size: int = -1, /) -> bytes:
        """See Readable."""
        try:
            return self._reader.read(size)
        except BaseException as error:
            self._error = error
            raise

    def write(self, data: bytes, /) -> int:
        """See Writable."""
        try:
            self._writer.write(data)
        except BaseException as error:
            self._error = error
            raise
        return len(data)

    def flush(self) -> None:
        """See Writable."""
        try:
            self._writer.flush()
        except BaseException as error:
            self._error = error
            raise

    def raise_own(self) -> None:
        """Raise what an end raised, if one did."""
        if self._error is not None:
            raise self._error
