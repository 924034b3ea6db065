"""Archives that write outside their folder, or never end (ATTACK 49)."""

import ast
import gzip
import io
import os
import struct
import tarfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from privacy.core.archives.limits import ArchiveLimits
from privacy.core.archives.refusals import ArchiveRefused
from privacy.core.archives.unpack import is_archive, unpack
from tests.architecture.sources import product

pytestmark = pytest.mark.attack(49)
MIB = 1024 * 1024
NAMES = [
    "../outside",
    "a/../../outside",
    "/tmp/outside",  # noqa: S108
    "//outside",
    "./outside",
    "a//outside",
    "..",
    ".",
    "",
    "a\\..\\..\\outside",
    "C:outside",
    "C:\\outside",
    "a/..",
    "a\nb",
    "a\x1b[2J",
    "file.",
    "file ",
    " file",
    "nul",
    "COM1.txt",
    "\u202etxt.exe",
    "a" * 300,
    "/".join("a" * 20),
]


def tarred(*entries: tuple[tarfile.TarInfo, bytes], packed: bool = True) -> io.BytesIO:
    into = io.BytesIO()
    with tarfile.open(fileobj=into, mode="w:gz" if packed else "w") as archive:
        for entry, content in entries:
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return into


def named(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname, entry.mode = kind, link, 0o4777
    return entry


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes], packed: bool = True) -> io.BytesIO:
    into = io.BytesIO()
    how = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(into, "w", how) as archive:
        for entry, content in entries:
            archive.writestr(entry, content, compress_type=how)
    return into


def refused(archive: io.BytesIO, folder: Path, limits: ArchiveLimits | None = None) -> str:
    """The reason; nothing of it is left anywhere."""
    before = everything(folder)
    with pytest.raises(ArchiveRefused) as failed:
        unpack(archive, folder / "in", limits=limits or ArchiveLimits())
    assert everything(folder) == before
    assert "outside" not in str(failed.value)
    return failed.value.reason


def everything(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With a neighbour that must stay as it is."""
    (tmp_path / "around").mkdir()
    (tmp_path / "around" / "outside").write_text("ours")
    return tmp_path / "around"


def test_what_is_plain_is_unpacked(folder: Path) -> None:
    files = {"a/one.csv": b"1" * 70_000, "two.csv": b"2", "ä/ö/three.csv": b""}
    made: tuple[Callable[[], io.BytesIO], ...] = (
        lambda: tarred((named("a", tarfile.DIRTYPE), b""), *_entries(files)),
        lambda: tarred(*_entries(files), packed=False),
        lambda: zipped(("a/", b""), *files.items()),
    )
    for number, make in enumerate(made):
        into = folder / str(number)
        assert is_archive(make())
        found = unpack(make(), into)
        assert {path.relative_to(into).as_posix(): path.read_bytes() for path in found} == files
        for path in into.rglob("*"):
            assert path.stat().st_mode & 0o7777 == (0o700 if path.is_dir() else 0o600)


def _entries(files: dict[str, bytes]) -> Iterable[tuple[tarfile.TarInfo, bytes]]:
    return [(named(name), content) for name, content in files.items()]


@pytest.mark.parametrize("name", NAMES)
def test_names_that_lead_elsewhere(folder: Path, name: str) -> None:
    for packed in (True, False):
        refused(tarred((named("good"), b"x"), (named(name), b"x"), packed=packed), folder)
    if name:
        refused(zipped(("good", b"x"), (name, b"x")), folder)


def test_a_name_that_is_cut_at_a_zero(folder: Path) -> None:
    archive = zipped(("aaaa/outside", b"x")).getvalue().replace(b"aaaa/", b"a\x00../")
    refused(io.BytesIO(archive), folder)


KINDS = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE)
STRANGE = (tarfile.CONTTYPE, tarfile.GNUTYPE_SPARSE, b"Z")


@pytest.mark.parametrize("kind", [*KINDS, *STRANGE])
def test_nothing_but_files(folder: Path, kind: bytes) -> None:
    refused(tarred((named("link", kind, "../outside"), b"")), folder)


def test_a_link_and_then_a_file_behind_it(folder: Path) -> None:
    link = named("link", tarfile.SYMTYPE, "..")
    assert "links" in refused(tarred((link, b""), (named("link/outside"), b"theirs")), folder)
    entry = zipfile.ZipInfo("link")
    entry.external_attr = 0o120777 << 16
    assert "links" in refused(zipped((entry, b".."), ("link/outside", b"theirs")), folder)
    assert (folder / "outside").read_text() == "ours"


@pytest.mark.parametrize(
    ("one", "other"),
    [("same", "same"), ("Same", "sAME"), ("\u00e4", "a\u0308"), ("a", "a/b"), ("a/b", "a")],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name(folder: Path, one: str, other: str) -> None:
    refused(tarred((named(one), b"1"), (named(other), b"2")), folder)
    refused(zipped((one, b"1"), (other, b"2")), folder)


def test_more_files_than_allowed(folder: Path) -> None:
    few = ArchiveLimits(entries=10)
    many = [(f"{number}", b"") for number in range(11)]
    assert "files" in refused(zipped(*many), folder, few)
    assert "files" in refused(tarred(*[(named(n), c) for n, c in many]), folder, few)
    folders = [(named(f"{number}", tarfile.DIRTYPE), b"") for number in range(11)]
    assert "files" in refused(tarred(*folders), folder, few)


def test_a_million_entries_cost_no_memory(folder: Path) -> None:
    block = named("f").tobuf()
    archive = io.BytesIO(gzip.compress(block * 100_000, 1))
    tracemalloc.start()
    refused(archive, folder)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * MIB
    lying = zipped(("a", b"")).getvalue()
    place = lying.rfind(b"PK\x05\x06")
    for count, length in ((65_535, 50), (1, 2**31)):
        said = lying[: place + 8] + struct.pack("<HHL", count, count, length) + lying[place + 16 :]
        refused(io.BytesIO(said), folder)


def bombs(size: int) -> dict[str, io.BytesIO]:
    """Zeros that pack a thousand times smaller."""
    return {
        "tar": tarred((named("big"), bytes(size))),
        "zip": zipped(("big", bytes(size))),
        "many": zipped(*((f"big{n}", bytes(size // 8)) for n in range(8))),
    }


@pytest.mark.parametrize("form", ["tar", "zip", "many"])
def test_what_unpacks_to_too_much(folder: Path, form: str) -> None:
    refused(bombs(64 * MIB)[form], folder)
    refused(bombs(4 * MIB)[form], folder, ArchiveLimits(total_bytes=3 * MIB, ratio=10_000))


def test_a_bomb_is_seen_in_flat_memory_and_before_it_fills_the_disk(folder: Path) -> None:
    archive = bombs(64 * MIB)["tar"]
    tracemalloc.start()
    with pytest.raises(ArchiveRefused):
        unpack(archive, folder / "in", limits=ArchiveLimits(ratio=2))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * MIB


def test_a_zip_that_lies_about_sizes(folder: Path) -> None:
    archive = bytearray(zipped(("big", bytes(8 * MIB))).getvalue())
    place = archive.rfind(b"PK\x01\x02")
    struct.pack_into("<L", archive, place + 24, 10)
    refused(io.BytesIO(bytes(archive)), folder)


def test_a_header_as_long_as_the_memory(folder: Path) -> None:
    """tarfile reads an extended header in one piece, whatever its length."""
    head = named("x", tarfile.XHDTYPE)
    head.size = 1024 * MIB
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = packer.compress(head.tobuf())
    body += b"".join(packer.compress(bytes(MIB)) for _ in range(32)) + packer.flush()
    tracemalloc.start()
    refused(io.BytesIO(body), folder)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * MIB


def test_headers_without_end(folder: Path) -> None:
    record = b"20 comment=xxxxxxxx\n"
    head = named("x", tarfile.XHDTYPE)
    head.size = len(record)
    chain = (head.tobuf() + record.ljust(512, b"\x00")) * 5_000
    refused(io.BytesIO(gzip.compress(chain + named("good").tobuf())), folder)


def test_a_skip_beyond_everything(folder: Path) -> None:
    head = named("big")
    head.size = 2**60
    refused(io.BytesIO(gzip.compress(head.tobuf(tarfile.GNU_FORMAT) + bytes(2048))), folder)


def test_a_password(folder: Path) -> None:
    archive = bytearray(zipped(("secret", b"x")).getvalue())
    archive[archive.rfind(b"PK\x01\x02") + 8] |= 1
    assert refused(io.BytesIO(bytes(archive)), folder) == "a password"


@pytest.mark.parametrize(
    "body", [b"", b"PK", b"PK\x05\x06", b"\x1f\x8b", b"text" * 999, b"\x00" * 9]
)
def test_what_is_no_archive(folder: Path, body: bytes) -> None:
    if body.strip(b"\x00"):
        refused(io.BytesIO(body), folder)


def test_every_cut_is_refused_or_whole(folder: Path) -> None:
    content = os.urandom(600)
    for archive in (tarred((named("one"), content)), zipped(("one", content))):
        body = archive.getvalue()
        for end in range(0, len(body) - 1, 37):
            into = folder / "cut"
            try:
                found = unpack(io.BytesIO(body[:end]), into)
            except ArchiveRefused:
                assert not into.exists()
                continue
            assert all(len(path.read_bytes()) == 600 for path in found)
            for path in found:
                path.unlink()
            into.rmdir()


def test_nobody_else_opens_archives() -> None:
    """Reading archives is in one place, so that there is one place to be wrong. Writing is free."""
    found = [
        source.at(node)
        for source in product()
        if not source.name.startswith("privacy/core/archives/")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and _opens(node)
    ]
    assert found == []


def _opens(call: ast.Call) -> bool:
    name = ast.unparse(call.func)
    if name.rpartition(".")[2] in ("unpack_archive", "extractall", "extract", "is_zipfile"):
        return True
    if name not in ("tarfile.open", "zipfile.ZipFile", "ZipFile", "tarfile.TarFile", "TarFile"):
        return False
    given = [*call.args, *(word.value for word in call.keywords)]
    modes = {node.value for node in given if isinstance(node, ast.Constant)}
    return not any(isinstance(mode, str) and mode[:1] in ("w", "x") for mode in modes)
