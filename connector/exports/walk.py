"""Walk through an archive, file by file, in flat memory; and find out that it is whole."""

import hashlib
import re
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from typing import IO, Any, Final, cast

import msgspec
import zstandard

from connector.exports.ages import Opener, opened
from connector.exports.layouts import (
    ATTACHMENTS,
    CALLS,
    FORMAT,
    LONGEST_ATTACHMENT,
    LONGEST_LINE,
    LONGEST_MANIFEST,
    MANIFEST,
    README,
    RECORDS,
    VERSION,
    Manifest,
    Member,
)
from connector.exports.pumps import Pump
from connector.exports.rows import check_line
from privacy.backups.errors import ArchiveDamaged, ArchiveRefused, SchemaNewer
from privacy.backups.seals import Readable
from privacy.core.archives.refusals import ArchiveRefused as Unreadable
from privacy.core.archives.streams import CutShort, stream_files

_NAME: Final = re.compile(
    rf"{re.escape(README)}|{re.escape(MANIFEST)}|{RECORDS}[a-z_]{{1,60}}\.jsonl"
    rf"|{CALLS}\d{{4}}-\d\d-\d\d\.jsonl|{ATTACHMENTS}[a-z_]{{1,60}}/[0-9a-f-]{{36}}"
)
_WINDOW: Final = 8 << 20
_REST: Final = 1 << 20
_CUT: Final = "The archive is damaged or cut. Fetch it again; nothing was brought in."
_FOREIGN: Final = "The archive holds something that does not belong there."


class NotAnArchive(ArchiveRefused):
    """Something else was encrypted."""

    code = "not_an_archive"


Files = Iterator[tuple[str, IO[bytes]]]


@contextmanager
def walking(file: Readable, opener: Opener) -> Iterator[Files]:
    """The files of the archive in `file`, in order, each to be read before the next one.

    Raises:
        KeyMissing: it is not for this key. ArchiveDamaged: changed or cut; what was read before
        is as it was written, as far as it goes.
    """
    with closing(opened(file, opener)) as pump, _told():
        plain = zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(
            cast("IO[bytes]", pump)
        )
        yield _files(stream_files(plain))
        _end(plain, pump)


def check_archive(file: Readable, opener: Opener, *, revisions: Collection[str]) -> Manifest:
    """Read all of it, and compare everything with its manifest; nothing is kept or written.

    Args:
        revisions: of the database, that this version knows.

    Raises:
        KeyMissing; ArchiveDamaged; NotAnArchive; SchemaNewer.
    """
    found, manifest = list[Member](), None
    with walking(file, opener) as files:
        for path, content in files:
            if manifest is not None:
                raise ArchiveDamaged(_CUT)
            if path == MANIFEST:
                manifest = read_manifest(content.read(LONGEST_MANIFEST), revisions)
            elif path != README:
                found.append(_measured(path, content))
    if manifest is None:
        raise ArchiveDamaged("The archive has no manifest: it is cut. Nothing was brought in.")
    if [_facts(one) for one in found] != [_facts(one) for one in manifest.members]:
        raise ArchiveDamaged("The archive's files are not those of its manifest.")
    return manifest


def read_manifest(content: bytes, revisions: Collection[str]) -> Manifest:
    """What an archive says of itself.

    Raises:
        NotAnArchive: it is no manifest. SchemaNewer: of a version that this one does not know.
    """
    try:
        told = msgspec.json.decode(content)
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise NotAnArchive("This is no archive of a tenant.")
        version = told.get("version")
        if not isinstance(version, int) or version > VERSION:
            raise _newer(f"layout {version}")
        manifest = msgspec.convert(told, Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise NotAnArchive("The archive's manifest cannot be read.") from None
    if manifest.schema not in revisions:
        raise _newer(f"schema {manifest.schema}")
    return manifest


def lines(path: str, content: IO[bytes]) -> Iterator[bytes]:
    """The lines of a file. Raises ArchiveDamaged where one is too long or has no end."""
    while one := content.readline(LONGEST_LINE):
        if not one.endswith(b"\n"):
            raise ArchiveDamaged(f"{path} has a line that is too long or cut.")
        yield one


def attachment_of(path: str, content: IO[bytes]) -> bytes:
    """The content of a small file. Raises ArchiveDamaged."""
    found = content.read(LONGEST_ATTACHMENT + 1)
    if len(found) > LONGEST_ATTACHMENT:
        raise ArchiveDamaged(f"{path} is too long.")
    return found


def _newer(what: str) -> SchemaNewer:
    return SchemaNewer(
        f"The archive was made by a newer version of Silta ({what}). Install that version here, "
        "then import. Nothing was brought in."
    )


def _measured(path: str, content: IO[bytes]) -> Member:
    whole, size, rows = hashlib.sha256(), 0, 0
    if path.startswith(ATTACHMENTS):
        pieces: Iterator[bytes] = iter([attachment_of(path, content)])
    else:
        pieces = lines(path, content)
    for one in pieces:
        whole.update(one)
        size, rows = size + len(one), rows + 1
        if not path.startswith(ATTACHMENTS):
            check_line(path, rows, one)
    return Member(path=path, size=size, rows=rows, sha256=whole.hexdigest())


def _facts(one: Member) -> tuple[str, int, int, str]:
    return one.path, one.size, one.rows, one.sha256


def _files(found: Files) -> Files:
    seen = set[str]()
    for name, content in found:
        if not _NAME.fullmatch(name) or name in seen:
            raise ArchiveDamaged(_FOREIGN)
        seen.add(name)
        yield name, content


def _end(plain: Any, pump: Pump) -> None:
    """To the last byte: what is cut shows there, and nothing follows."""
    rest = plain.read(_REST)
    if len(rest) == _REST or any(rest) or pump.read(1):
        raise ArchiveDamaged(_CUT)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (CutShort, zstandard.ZstdError, EOFError, UnicodeError):
        raise ArchiveDamaged(_CUT) from None
    except Unreadable:
        raise ArchiveDamaged(_FOREIGN) from None
