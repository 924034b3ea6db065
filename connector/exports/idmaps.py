"""Which ids became which: record ids are keyed digests, so another installation has others.

On disk, in a file without a name: it holds ids only, however many there are.
"""

import sqlite3
import uuid
from collections.abc import Iterable
from typing import Self


class IdMap:
    """Ids of the archive, each with the one it has here; None where it was not brought in."""

    def __init__(self) -> None:
        # An empty name is a private file that sqlite deletes when it is closed.
        self._file = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._file.execute("PRAGMA journal_mode = OFF")
        self._file.execute("CREATE TABLE ids (old BLOB PRIMARY KEY, new BLOB) WITHOUT ROWID")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def put(self, old: uuid.UUID, new: uuid.UUID | None) -> None:
        """`old` is `new` here, or is not here."""
        values = (old.bytes, new.bytes if new else None)
        self._file.execute("INSERT OR REPLACE INTO ids VALUES (?, ?)", values)

    def look_up(self, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID | None]:
        """Those of `ids` that changed or are not here; the rest are what they were."""
        found: dict[uuid.UUID, uuid.UUID | None] = {}
        for one in set(ids):
            asked = self._file.execute("SELECT new FROM ids WHERE old = ?", (one.bytes,))
            for (new,) in asked:
                found[one] = uuid.UUID(bytes=new) if new else None
        return found
