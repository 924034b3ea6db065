"""age encryption of a whole archive, in flat memory: to a public key, or by a passphrase.

The library streams to public keys only. So a passphrase opens a key that is made for the one
archive and stands in front of it, in age's own armor: `age` itself opens both (docs/admins).
"""

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

import pyrage
from pyrage import passphrase as passphrases
from pyrage import x25519

from connector.exports.passphrases import BEGIN, END, seal_by_passphrase
from connector.exports.pumps import Pump
from privacy.backups.errors import ArchiveDamaged, KeyMissing
from privacy.backups.seals import Identities, Readable, open_stream, seal_stream
from privacy.core.errors import Invalid

SHORTEST_PASSPHRASE: Final = 12
LONGEST_PASSPHRASE: Final = 1000
_LONGEST_KEY: Final = 4_096
_CHUNK: Final = 65_536


@dataclass(frozen=True, slots=True)
class Lock:
    """What an archive is closed with: one of the two. Neither is written anywhere by us."""

    recipient: str | None = None
    passphrase: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Opener:
    """What an archive is opened with: one of the two."""

    identities: Identities = field(default=(), repr=False)
    passphrase: str | None = field(default=None, repr=False)


def check_recipient(text: str) -> str:
    """An age public key as it is kept. Raises Invalid."""
    key = text.strip()
    try:
        return str(x25519.Recipient.from_str(key))
    except pyrage.RecipientError:
        raise Invalid(
            fields={"recipient": "Enter an age public key: it begins with age1."}
        ) from None


def check_passphrase(text: str) -> str:
    """A passphrase that is worth its name. Raises Invalid."""
    if not SHORTEST_PASSPHRASE <= len(text) <= LONGEST_PASSPHRASE:
        words = f"Use {SHORTEST_PASSPHRASE} characters or more: several words are best."
        raise Invalid(fields={"passphrase": words})
    return text


def locked(parts: Iterable[bytes], lock: Lock) -> Iterator[bytes]:
    """The encrypted archive of `parts`. Raises what they raise."""
    head, recipient = _recipient(lock)
    yield from filter(None, [head])
    with closing(Pump(lambda out: seal_stream(_Parts(parts), out, [recipient]))) as pump:
        yield from pump


def opened(file: Readable, opener: Opener) -> Pump:
    """The archive in `file`, to be read and closed. While it is read it raises:

    KeyMissing: it is not for this key, or it is another passphrase.
    ArchiveDamaged: changed, cut, or no archive.
    """
    reader = _Ahead(file)
    identities = _identities(reader, opener)
    return Pump(lambda out: open_stream(reader, out, identities))


def _recipient(lock: Lock) -> tuple[bytes, Any]:
    if lock.recipient is not None:
        return b"", x25519.Recipient.from_str(lock.recipient)
    if not lock.passphrase:
        raise Invalid(fields={"passphrase": "Enter the passphrase that will open the archive."})
    own = x25519.Identity.generate()
    return seal_by_passphrase(f"{own}\n".encode(), lock.passphrase), own.to_public()


def _identities(reader: "_Ahead", opener: Opener) -> Identities:
    armored = reader.peek(len(BEGIN)) == BEGIN
    if not armored:
        if not opener.identities:
            raise KeyMissing("This archive is for an age key: name the file of its identity.")
        return opener.identities
    if opener.passphrase is None:
        raise KeyMissing("This archive opens with a passphrase.")
    key = reader.take_through(END)
    try:
        text = passphrases.decrypt(key, opener.passphrase).decode().strip()
        return [x25519.Identity.from_str(text)]
    except (pyrage.DecryptError, pyrage.IdentityError, UnicodeDecodeError, ValueError):
        raise KeyMissing("The passphrase does not open this archive.") from None


class _Parts:
    """A reader of parts that are made while it is read."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts, self._rest = iter(parts), b""

    def read(self, size: int = -1, /) -> bytes:
        """See Readable."""
        while not self._rest:
            part = next(self._parts, None)
            if part is None:
                return b""
            self._rest = part
        cut = len(self._rest) if size < 0 else size
        given, self._rest = self._rest[:cut], self._rest[cut:]
        return given


class _Ahead:
    """A reader whose beginning can be looked at."""

    def __init__(self, file: Readable) -> None:
        self._file, self._kept = file, b""

    def read(self, size: int = -1, /) -> bytes:
        """See Readable."""
        if self._kept:
            cut = len(self._kept) if size < 0 else size
            given, self._kept = self._kept[:cut], self._kept[cut:]
            return given
        return self._file.read(_CHUNK if size < 0 else size)

    def peek(self, size: int) -> bytes:
        """The next bytes, which stay."""
        while len(self._kept) < size and (more := self._file.read(_CHUNK)):
            self._kept += more
        return self._kept[:size]

    def take_through(self, mark: bytes) -> bytes:
        """Everything up to `mark` and with it. Raises ArchiveDamaged where it is not near."""
        at = self.peek(_LONGEST_KEY).find(mark)
        if at < 0:
            raise ArchiveDamaged("The key in front of the archive is cut.")
        return self.read(at + len(mark))
