"""How far journals had come: the furthest of each counts, and a torn line does nobody harm."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest

from privacy.ledger.journal_marks import JournalMark, append_marks, read_marks

ALICE, BRUNO = uuid.UUID(int=1), uuid.UUID(int=2)


def mark(segments: int, tenant: uuid.UUID = ALICE) -> JournalMark:
    return JournalMark(tenant, segments, bytes([segments]) * 32)


def test_there_are_none_where_there_is_no_folder(tmp_path: Path) -> None:
    assert read_marks(tmp_path / "none") == {}


def test_the_furthest_of_all_months_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    append_marks(tmp_path, [mark(1), mark(4, BRUNO)])
    monkeypatch.setattr("privacy.core.clock._offset", timedelta(days=45))
    append_marks(tmp_path, [mark(3), mark(2)])
    assert len(list(tmp_path.glob("journals-*.jsonl"))) == 2
    assert read_marks(tmp_path) == {ALICE: mark(3), BRUNO: mark(4, BRUNO)}


@pytest.mark.parametrize(
    "torn",
    [b'{"tenant":"0000', b"\xff\xfe", b"[]", b'{"tenant":1,"mac":"00","segments":1}', b"null"],
)
def test_a_torn_line_swallows_none(tmp_path: Path, torn: bytes) -> None:
    append_marks(tmp_path, [mark(1)])
    [path] = tmp_path.glob("journals-*.jsonl")
    with path.open("ab") as file:
        file.write(torn)
    append_marks(tmp_path, [mark(2)])
    assert read_marks(tmp_path) == {ALICE: mark(2)}
