"""Signed heads outside the database, where its administrator cannot reach them (ATTACK 58).

`DirectoryAnchors` appends JSON lines to one file a month, forces them to the disk, and refuses
a head that is shorter than, or differs from, what it holds. Nothing is ever rewritten, so the
folder can be append-only (`chattr +a`) or on another machine's share. Each file begins with the
latest head of every tenant: only the newest one is read at start. Histories are found by an index
that is read once, and then read on.
"""

import base64
import fcntl
import json
import os
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from privacy.core import clock
from privacy.ledger.encoding import Head
from privacy.ledger.journal_marks import JournalMark, Marks, append_marks, read_marks
from privacy.ledger.places import LineIndex

_FILES = "heads-????-??.jsonl"


class Anchors(Protocol):
    """A place that remembers heads. One writer at a time; any number of readers."""

    def latest(self, tenant_id: uuid.UUID) -> Head | None:
        """The last head of a tenant."""

    def append(self, heads: Sequence[Head]) -> list[Head]:
        """Keep `heads` for good; return those refused as shorter than or unlike what is kept."""

    def history(self, tenant_id: uuid.UUID) -> Iterator[Head]:
        """Every head of a tenant, oldest first; a few can come twice. What a restart left behind
        is not told."""

    def restart(self, heads: Sequence[Head]) -> None:
        """Keep `heads`, signed as restarts: the chains go on from them (see encoding.Head)."""

    def tenants(self) -> set[uuid.UUID]:
        """Whoever has a head."""

    def mark(self, marks: Sequence[JournalMark]) -> None:
        """Keep how far journals of erasures had come."""

    def marked(self) -> Marks:
        """How far each had come at least."""


class DirectoryAnchors:
    """Anchors in a folder of files `heads-YYYY-MM.jsonl`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._latest: dict[uuid.UUID, Head] = {}
        self._index = LineIndex(folder, _FILES)
        self._read: tuple[Path | None, int] = (None, 0)

    def latest(self, tenant_id: uuid.UUID) -> Head | None:
        """The last head of a tenant, whoever wrote it."""
        self._refresh()
        return self._latest.get(tenant_id)

    def tenants(self) -> set[uuid.UUID]:
        """Whoever has a head."""
        self._refresh()
        return set(self._latest)

    def mark(self, marks: Sequence[JournalMark]) -> None:
        """See Anchors."""
        append_marks(self._folder, marks)

    def marked(self) -> Marks:
        """See Anchors."""
        return read_marks(self._folder)

    def append(self, heads: Sequence[Head]) -> list[Head]:
        """Keep `heads`; those kept already are passed over, impossible ones are returned."""
        if not heads:
            return []
        with self._alone():
            self._refresh()
            refused = [head for head in heads if not self._follows(head)]
            fresh = [head for head in heads if self._extends(head)]
            if fresh:
                self._write(fresh)
            return refused

    def restart(self, heads: Sequence[Head]) -> None:
        """Keep the restarts of restored chains."""
        if any(head.archive is None for head in heads):
            raise ValueError("a restart names its archive")
        with self._alone():
            self._refresh()
            if heads:
                self._write(heads)

    def history(self, tenant_id: uuid.UUID) -> Iterator[Head]:
        """Every head of a tenant, oldest first, but for those that a later restart left behind."""
        places = self._index.of(tenant_id)
        restarts = [
            (place, head.position) for place, head in self._heads(places.restarts) if head.archive
        ]
        for place, head in self._heads(places.lines):
            if not any(place < later and head.position > at for later, at in restarts):
                yield head

    def _heads(self, places: Iterable[int]) -> Iterator[tuple[int, Head]]:
        for place, line in self._index.read(places):
            if head := _parse(line):
                yield place, head

    def _extends(self, head: Head) -> bool:
        known = self._latest.get(head.tenant_id)
        return known is None or head.position > known.position

    def _follows(self, head: Head) -> bool:
        known = self._latest.get(head.tenant_id)
        same = known is not None and known.position == head.position and known.digest == head.digest
        return same or self._extends(head)

    def _write(self, heads: Sequence[Head]) -> None:
        path = self._current_file()
        with path.open("ab") as file:
            # A torn last line is left as it is and ended, so that ours begins on its own.
            lead = b"\n" if _torn(path) else b""
            file.write(lead + b"".join(_line(head) for head in heads))
            file.flush()
            os.fsync(file.fileno())
        self._refresh()

    def _current_file(self) -> Path:
        """This month's file, begun with what is known; never one older than the newest."""
        path = self._folder / f"heads-{clock.now():%Y-%m}.jsonl"
        files = self._files()
        if files and path <= files[-1]:
            return files[-1]
        partial = path.with_suffix(".partial")
        with partial.open("wb") as file:
            file.write(b"".join(_line(head) for head in self._latest.values()))
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
        _settle(self._folder)
        return path

    def _refresh(self) -> None:
        """Read on where we stopped; other processes append too."""
        files = self._files()
        if not files:
            return
        path, offset = self._read
        if path != files[-1]:
            path, offset = files[-1], 0
        with path.open("rb") as file:
            file.seek(offset)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                offset += len(line)
                if head := _parse(line):
                    self._remember(head)
        self._read = (path, offset)

    def _remember(self, head: Head) -> None:
        if head.archive or self._extends(head):
            self._latest[head.tenant_id] = head

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob(_FILES))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self._folder / "lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _line(head: Head) -> bytes:
    fields = {
        "tenant": str(head.tenant_id),
        "position": head.position,
        "digest": head.digest.hex(),
        "signed_at": head.signed_at.isoformat(),
        "signature": base64.b64encode(head.signature).decode(),
    } | ({"restored": head.archive.hex} if head.archive else {})
    return json.dumps(fields, separators=(",", ":")).encode() + b"\n"


def _parse(line: bytes) -> Head | None:
    """A head, or None for a torn line: it was never acknowledged."""
    try:
        fields = json.loads(line)
        return Head(
            uuid.UUID(fields["tenant"]),
            int(fields["position"]),
            bytes.fromhex(fields["digest"]),
            datetime.fromisoformat(fields["signed_at"]),
            base64.b64decode(fields["signature"], validate=True),
            uuid.UUID(fields["restored"]) if "restored" in fields else None,
        )
    except (ValueError, KeyError, TypeError):
        return None


def _torn(path: Path) -> bool:
    if path.stat().st_size == 0:
        return False
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"


def _settle(folder: Path) -> None:
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
