"""An archive that is not as it was made is refused, wherever it differs (ATTACK 3, 61)."""

import hashlib
import io
import tarfile
import threading
import time

import pytest
import zstandard

from connector.exports.ages import Lock, Opener, locked
from connector.exports.walk import NotAnArchive
from privacy.backups.errors import ArchiveDamaged, ArchiveRefused, KeyMissing, SchemaNewer
from tests.unit.exports.archives import (
    AT,
    FILES,
    KEY,
    OTHER,
    WORDING,
    Tar,
    a_manifest,
    an_archive,
    checked,
)

PASSPHRASE = "kettle rowing vivid plum"


def test_a_right_archive_is_read_to_its_manifest() -> None:
    manifest = checked(an_archive())
    assert [one.path for one in manifest.members] == list(FILES)
    assert [one.rows for one in manifest.members] == [3, 1]
    assert manifest.snapshot_at == AT


@pytest.mark.attack(61)
@pytest.mark.parametrize(
    ("first", "last"),
    [(0, 20), (25, 120), (120, 200), (200, 260), (300, 700), (-60, -17), (-16, None)],
    ids=["version", "stanza", "mac", "nonce", "content", "near the end", "last tag"],
)
def test_a_changed_byte_is_refused(first: int, last: int | None) -> None:
    content = an_archive()
    places = range(len(content))[first:last]
    for place in places[:: max(1, len(places) // 6)]:
        broken = bytearray(content)
        broken[place] ^= 0x01
        with pytest.raises(ArchiveRefused):
            checked(bytes(broken))


@pytest.mark.attack(61)
def test_a_cut_archive_is_refused_wherever_it_is_cut() -> None:
    content = an_archive()
    for size in (0, 1, 100, 250, len(content) // 2, len(content) - 17, len(content) - 1):
        with pytest.raises(ArchiveRefused):
            checked(content[:size])
    with pytest.raises(ArchiveRefused):
        checked(content + b"x")


@pytest.mark.attack(3)
def test_chunks_in_another_order_are_refused() -> None:
    """age numbers its chunks of 64 KiB."""
    long = {"records/consent_wordings.jsonl": b"".join(_different(9000))}
    content = Tar(long, a_manifest(long)).encrypted()
    chunk, head = 65_536 + 16, content.index(b"\n--- ") + 49
    start = head + 16
    first, second = content[start : start + chunk], content[start + chunk : start + 2 * chunk]
    assert len(second) == chunk
    for order in (second + first, second + second, first + first, first):
        with pytest.raises(ArchiveRefused):
            checked(content[:start] + order + content[start + 2 * chunk :])
    assert checked(content).members


def _different(count: int) -> list[bytes]:
    """Lines that do not get much smaller."""
    words = (hashlib.sha256(b"%d" % n).hexdigest() for n in range(count))
    return [WORDING.replace(b"Yes.", word.encode()) for word in words]


@pytest.mark.parametrize(
    "tar",
    [
        Tar(FILES, None),
        Tar(FILES, a_manifest({})),
        Tar({}, a_manifest(FILES)),
        Tar(dict(reversed(FILES.items())), a_manifest(FILES)),
        Tar({**FILES, "records/people.jsonl": b'{"name":"B"}\n'}, a_manifest(FILES)),
        Tar({"../evil": b"x"}, a_manifest({"../evil": b"x"})),
        Tar({"records/x.jsonl": b"{}"}, a_manifest({"records/x.jsonl": b"{}"})),
        Tar(broken := {"records/contacts.jsonl": b'{"id":7}\n'}, a_manifest(broken)),
        Tar(broken := {"records/contacts.jsonl": b'{"secret":"x"}\n'}, a_manifest(broken)),
        Tar(broken := {"calls/2026-11-22.jsonl": b"{}\n"}, a_manifest(broken)),
    ],
    ids=["no manifest", "unlisted", "missing", "order", "content", "name", "cut line", "type",
         "column", "call"],
)  # fmt: skip
@pytest.mark.attack(61)
def test_files_that_are_not_those_of_the_manifest_are_refused(tar: Tar) -> None:
    with pytest.raises(ArchiveDamaged):
        checked(tar.encrypted())


@pytest.mark.attack(49)
def test_what_is_no_file_is_refused() -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        link = tarfile.TarInfo("records/people.jsonl")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    packed = zstandard.ZstdCompressor().compress(file.getvalue())
    with pytest.raises(ArchiveDamaged):
        checked(b"".join(locked([packed], Lock(recipient=str(KEY.to_public())))))


def test_a_newer_layout_and_a_newer_schema_are_refused_with_the_reason() -> None:
    for other in ({"version": 2}, {"schema": "0999_later"}):
        with pytest.raises(SchemaNewer, match="newer version of Silta"):
            checked(an_archive(**other))


def test_something_else_is_no_archive() -> None:
    with pytest.raises(NotAnArchive):
        checked(Tar(FILES, b'{"format":"zip"}').encrypted())
    with pytest.raises(NotAnArchive):
        checked(Tar(FILES, b"[]").encrypted())


@pytest.mark.attack(62)
def test_another_key_opens_nothing() -> None:
    with pytest.raises(KeyMissing):
        checked(an_archive(), Opener(identities=[OTHER]))
    with pytest.raises(KeyMissing):
        checked(an_archive(), Opener(passphrase=PASSPHRASE))


def test_a_passphrase_opens_what_it_closed() -> None:
    content = Tar(FILES, a_manifest(FILES)).encrypted(Lock(passphrase=PASSPHRASE))
    assert content.startswith(b"-----BEGIN AGE ENCRYPTED FILE-----\n")
    assert PASSPHRASE.encode() not in content
    assert checked(content, Opener(passphrase=PASSPHRASE)).members
    for opener in (Opener(passphrase=PASSPHRASE + " "), Opener(identities=[KEY])):
        with pytest.raises(KeyMissing):
            checked(content, opener)
    for cut in (40, 200, content.index(b"-----END"), len(content) - 1):
        with pytest.raises(ArchiveRefused):
            checked(content[:cut], Opener(passphrase=PASSPHRASE))


def test_whoever_stops_reading_stops_the_writer() -> None:
    made = 0

    def endless() -> object:
        nonlocal made
        while True:
            made += 1
            yield bytes(65_536)

    parts = locked(endless(), Lock(recipient=str(KEY.to_public())))  # type: ignore[arg-type]
    next(parts)
    parts.close()  # type: ignore[attr-defined]
    seen = made
    time.sleep(0.15)
    assert made == seen < 100
    assert not [one for one in threading.enumerate() if one.name == "export"]
