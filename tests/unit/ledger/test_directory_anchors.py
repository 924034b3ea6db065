"""Anchors keep what they were given, and nothing that contradicts it."""

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from privacy.core import clock
from privacy.ledger import places
from privacy.ledger.anchors import DirectoryAnchors
from privacy.ledger.encoding import Head

ALICE, BRUNO = uuid.UUID(int=1), uuid.UUID(int=2)


def head(position: int, tenant: uuid.UUID = ALICE, mark: int = 0) -> Head:
    digest = bytes([position, mark]) * 16
    return Head(tenant, position, digest, datetime(2026, 11, 1, tzinfo=UTC), b"s" * 64)


@pytest.mark.attack(58)
def test_a_shorter_or_different_head_is_refused(tmp_path: Path) -> None:
    anchors = DirectoryAnchors(tmp_path)
    assert anchors.append([head(1), head(5, BRUNO)]) == []
    assert anchors.append([head(4)]) == []
    assert anchors.append([head(4)]) == []  # the same again is nothing new
    assert anchors.append([head(3)]) == [head(3)]
    assert anchors.append([head(4, mark=1)]) == [head(4, mark=1)]
    assert anchors.append([head(1), head(6, BRUNO)]) == [head(1)]
    again = DirectoryAnchors(tmp_path)
    assert again.latest(ALICE) == head(4)
    assert again.latest(BRUNO) == head(6, BRUNO)
    assert list(again.history(ALICE)) == [head(1), head(4)]
    assert again.tenants() == {ALICE, BRUNO}


def test_two_writers_see_each_other(tmp_path: Path) -> None:
    one, other = DirectoryAnchors(tmp_path), DirectoryAnchors(tmp_path)
    one.append([head(1)])
    other.append([head(2)])
    assert one.append([head(2, mark=1)]) == [head(2, mark=1)]


def test_a_torn_line_costs_only_itself(tmp_path: Path) -> None:
    anchors = DirectoryAnchors(tmp_path)
    anchors.append([head(1)])
    (path,) = tmp_path.glob("*.jsonl")
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:40])
    assert anchors.latest(ALICE) == head(1)
    assert anchors.append([head(2)]) == []
    assert list(DirectoryAnchors(tmp_path).history(ALICE)) == [head(1), head(2)]
    assert path.read_bytes().startswith(whole)  # nothing was rewritten


def test_a_new_month_begins_with_what_is_known(tmp_path: Path) -> None:
    anchors = DirectoryAnchors(tmp_path)
    anchors.append([head(1), head(1, BRUNO)])
    clock.set_offset(timedelta(days=40))
    try:
        anchors.append([head(2)])
        assert len(list(tmp_path.glob("*.jsonl"))) == 2
        newest = max(tmp_path.glob("*.jsonl"))
        newest.with_name("heads-2000-01.jsonl.old").touch()
        fresh = DirectoryAnchors(tmp_path)
        assert fresh.latest(BRUNO) == head(1, BRUNO)
        assert fresh.append([head(1)]) == [head(1)]
    finally:
        clock.set_offset(timedelta())
    assert anchors.append([head(3)]) == []  # a clock set back goes on in the newest file
    assert DirectoryAnchors(tmp_path).latest(ALICE) == head(3)


def test_files_are_read_once_for_all_tenants_and_then_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [uuid.UUID(int=n) for n in range(1, 41)]
    writer, reader = DirectoryAnchors(tmp_path), DirectoryAnchors(tmp_path)
    for position in (1, 2, 3):
        writer.append([head(position, tenant) for tenant in many])
    looked_at: list[bytes] = []
    known = places._tenant_in

    def counted(line: bytes) -> uuid.UUID | None:
        looked_at.append(line)
        return known(line)

    monkeypatch.setattr(places, "_tenant_in", counted)
    for tenant in many:
        assert list(reader.history(tenant)) == [head(n, tenant) for n in (1, 2, 3)]
    assert len(looked_at) == 120, "each line, one time"
    writer.append([head(4)])
    assert list(reader.history(ALICE)) == [head(n) for n in (1, 2, 3, 4)]
    assert len(looked_at) == 121
    assert list(reader.history(uuid.UUID(int=99))) == []
