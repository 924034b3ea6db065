"""The layout of an archive: a tar of JSON Lines and attachments, compressed, with a manifest.

    README.txt                      what this is
    records/<table>.jsonl           a line for each row
    calls/<day>.jsonl               a line for each call of a day, with what it was read from
    attachments/<table>/<row>       what is neither text nor a structure
    manifest.json                   written last: without it there is no archive

Tar is POSIX.1-2001 without extensions, its compression Zstandard (RFC 8878). docs/admins has the
fields one by one.
"""

import tarfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, Final

import msgspec
import zstandard

FORMAT: Final = "silta tenant archive"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"
README: Final = "README.txt"
RECORDS, CALLS, ATTACHMENTS = "records/", "calls/", "attachments/"
LONGEST_LINE: Final = 16 << 20
LONGEST_ATTACHMENT: Final = 32 << 20
LONGEST_MANIFEST: Final = 4 << 20
_BLOCK: Final = 512
_LEVEL: Final = 3

README_TEXT: Final = b"""Everything that an organisation has in an installation of Silta.

records/*.jsonl   one JSON document a line, one file a kind of thing
calls/*.jsonl     the calls of one day (UTC); delete each file when its day ends: manifest.json
                  says under "ends_at" until when its content may be kept
attachments/      documents that lines refer to
manifest.json     sizes, counts and SHA-256 digests of all files, and what is not here

Bring it into another installation with: silta tenant import FILE
It holds personal data: keep it as you keep the keys of your house.
"""


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One file of an archive. `ends_at`: when its content may not be kept any more."""

    path: str
    size: int
    rows: int
    sha256: str
    day: date | None = None
    ends_at: datetime | None = None


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Whose archive it is, and the settings that are no rows."""

    id: str
    name: str
    services: list[str]
    mfa_required: bool
    retention_days_calls: int | None


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an archive says of itself.

    Args:
        schema: the revision of the database that it was made from.
        snapshot_at: nothing younger is in it.
        ended_days: days that ended between making and fetching it.
        left_behind: rows that no archive can hold, by table: keyed digests of nobody known.
        left_out: every other table that has no file, and why.
    """

    format: str
    version: int
    schema: str
    export_id: str
    snapshot_at: datetime
    fetched_at: datetime
    tenant: Origin
    members: list[Member]
    ended_days: list[date]
    left_behind: dict[str, int]
    left_out: dict[str, str]


def header(path: str, size: int, at: datetime) -> bytes:
    """The tar header of one file."""
    info = tarfile.TarInfo(path)
    info.size, info.mode, info.mtime = size, 0o600, int(at.timestamp())
    return info.tobuf(tarfile.USTAR_FORMAT)


def padding(size: int) -> bytes:
    """What follows a file's content."""
    return bytes(-size % _BLOCK)


def ending() -> bytes:
    """What follows the last file."""
    return bytes(2 * _BLOCK)


def whole(path: str, content: bytes, at: datetime) -> bytes:
    """A small file, header and all."""
    return header(path, len(content), at) + content + padding(len(content))


def compressed(parts: Iterable[bytes]) -> Iterator[bytes]:
    """`parts` as one Zstandard frame."""
    squeezing = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compressobj()
    for part in parts:
        yield from filter(None, [squeezing.compress(part)])
    yield squeezing.flush()


def manifest_bytes(manifest: Manifest) -> bytes:
    """As it stands in the archive."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def line(document: dict[str, Any]) -> bytes:
    """One line."""
    return msgspec.json.encode(document) + b"\n"
