"""A tar that comes as a stream: plain files, each to its last byte, and nothing else."""

import io
import tarfile
import tracemalloc

import pytest

from privacy.core.archives.refusals import ArchiveRefused
from privacy.core.archives.streams import CutShort, stream_files

MIB = 1 << 20
FILES = {"a.jsonl": b"one\ntwo\n", "empty": b"", "b/" + "c" * 90: bytes(range(256)) * 600}


class Slow(io.BytesIO):
    """Gives a few bytes at a time, as a network does; and knows what it was asked for."""

    most = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.most = max(self.most, size if size is not None and size >= 0 else 1 << 60)
        return super().read(min(size or 0, 700))


def tar_of(files: dict[str, bytes], form: int = tarfile.USTAR_FORMAT, **facts: object) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=form) as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            for fact, value in facts.items():
                setattr(info, fact, value)
            tar.addfile(info, io.BytesIO(content))
    return file.getvalue()


def walk(tar: bytes, most: int = -1) -> None:
    for _, content in stream_files(io.BytesIO(tar)):
        content.read(most)


def test_files_come_as_they_were_written_whether_read_or_passed_over() -> None:
    stream = Slow(tar_of(FILES))
    assert {name: content.read() for name, content in stream_files(stream)} == FILES
    assert stream.most <= 64 * 1024
    half = [(name, content.read(3)) for name, content in stream_files(Slow(tar_of(FILES)))]
    assert half == [(name, content[:3]) for name, content in FILES.items()]
    (lines,) = [list(one) for name, one in stream_files(Slow(tar_of(FILES))) if name == "a.jsonl"]
    assert lines == [b"one\n", b"two\n"]


@pytest.mark.attack(49)
def test_whatever_is_cut_is_noticed() -> None:
    whole = tar_of(FILES)
    end = sum(512 + len(content) + -len(content) % 512 for content in FILES.values()) + 1024
    for length in (*range(0, 1600, 7), *range(1600, end, 4099), end - 1):
        for read in (-1, 0):
            with pytest.raises(CutShort):
                walk(whole[:length], read)


@pytest.mark.attack(49)
@pytest.mark.parametrize(
    "hostile",
    [
        tar_of({"x" * 300: b""}, tarfile.PAX_FORMAT),
        tar_of({"x" * 300: b""}, tarfile.GNU_FORMAT),
        tar_of({"ä": b""}),
        tar_of({"a": b""}, type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        tar_of({"a": b""}, type=tarfile.LNKTYPE, linkname="b"),
        tar_of({"a": b""}, type=tarfile.DIRTYPE),
        tar_of({"a": b""}, type=tarfile.CHRTYPE),
        b"no tar at all" * 100,
        tar_of({"a": b"1"})[:1024] + bytes(512) + b"more".ljust(512, b"\0"),
    ],
    ids=["pax", "gnu", "letters", "symlink", "link", "folder", "device", "nonsense", "more"],
)
def test_nothing_but_plain_files(hostile: bytes) -> None:
    with pytest.raises(ArchiveRefused):
        walk(hostile)


@pytest.mark.attack(49)
def test_a_header_that_claims_a_gigabyte_costs_nothing() -> None:
    info = tarfile.TarInfo("a")
    info.size = 1 << 33
    endless = info.tobuf(tarfile.GNU_FORMAT) + bytes(MIB)
    tracemalloc.start()
    with pytest.raises(CutShort):
        walk(endless, MIB)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * MIB
