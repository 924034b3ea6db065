"""How far each journal of erasures had come, kept beside the anchored heads and apart from escrow.

Whoever can write to escrow can put an older head of a journal back, which is authentic, too. What
is kept here says that it is older. The files `journals-YYYY-MM.jsonl` are only ever appended to.
"""

import json
import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from privacy.core import clock

_FILES: Final = "journals-????-??.jsonl"


@dataclass(frozen=True, slots=True)
class JournalMark:
    """A tenant's journal had so many segments, and the last of them this MAC (32 bytes)."""

    tenant_id: uuid.UUID
    segments: int
    mac: bytes


Marks = dict[uuid.UUID, JournalMark]


def append_marks(folder: Path, marks: Sequence[JournalMark]) -> None:
    """Keep `marks` for good, forced to the disk; the same ones again do no harm."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / f"journals-{clock.now():%Y-%m}.jsonl").open("ab") as file:
        # Begun anew, for a line that a crash tore would swallow ours.
        file.write(b"".join(b"\n" + _line(mark) for mark in marks) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_marks(folder: Path) -> Marks:
    """The furthest mark of each tenant."""
    found: Marks = {}
    for path in folder.glob(_FILES):
        for mark in filter(None, map(_parse, path.read_bytes().splitlines())):
            known = found.get(mark.tenant_id)
            if known is None or mark.segments > known.segments:
                found[mark.tenant_id] = mark
    return found


def _line(mark: JournalMark) -> bytes:
    fields = {"tenant": str(mark.tenant_id), "segments": mark.segments, "mac": mark.mac.hex()}
    return json.dumps(fields, separators=(",", ":")).encode()


def _parse(line: bytes) -> JournalMark | None:
    """A mark, or None for an empty line and a torn one, which was never acknowledged."""
    try:
        fields = json.loads(line)
        mac = bytes.fromhex(fields["mac"])
        return JournalMark(uuid.UUID(fields["tenant"]), int(fields["segments"]), mac)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
