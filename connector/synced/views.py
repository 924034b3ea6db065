"""A record as people and programs see it: opened, with where it came from and until when."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic

from sqlalchemy import Row

from connector.synced.columns import Doubt, RecordState
from connector.synced.shelves import S, Shelf
from privacy.core.db.work import UnitOfWork
from privacy.vault.keyring import Keyring
from privacy.vault.sealing import key_id_of, open_many


@dataclass(frozen=True, slots=True)
class RecordView(Generic[S]):
    """One record. Of a held one only what the books need is left (promise B3); of a restricted
    person's nothing, where it was read to be used (see withheld)."""

    id: uuid.UUID
    version: int
    account_id: uuid.UUID | None
    stream: str
    state: RecordState
    source: str
    source_name: str | None
    subject_group: str
    doubts: Doubt
    hold_until: date | None
    first_seen_at: datetime
    changed_at: datetime
    external_id: str
    record: S
    numbers: tuple[str, ...]
    restricted: bool = False

    @property
    def by_hand(self) -> bool:
        """Whether people entered it here, and may change it here."""
        return self.account_id is None


def open_records(
    work: UnitOfWork, vault: Keyring, shelf: Shelf[S], rows: Iterable[Row[Any]]
) -> list[RecordView[S]]:
    """Open rows of a shelf's table, in their order.

    Raises:
        OpenError: a row was moved or changed outside the service.
    """
    listed = list(rows)
    plain = open_column(
        work, vault, shelf, [(row.id.bytes, row.version, row.sealed) for row in listed]
    )
    return [_view(shelf, row, text) for row, text in zip(listed, plain, strict=True)]


def open_column(
    work: UnitOfWork,
    vault: Keyring,
    shelf: Shelf[Any],
    values: Sequence[tuple[bytes, int, bytes]],
    column: str = "sealed",
) -> list[bytes]:
    """Open values (row's id, version, seal) of one column, whichever key version sealed each."""
    place, plain = shelf.place(work.tenant_id, column), [b""] * len(values)
    by_key: dict[bytes, list[int]] = {}
    for n, (_, _, sealed) in enumerate(values):
        by_key.setdefault(key_id_of(sealed), []).append(n)
    for key_id, places in by_key.items():
        key = vault.opening_key(work, shelf.scope, key_id)
        aads = place.aads([values[n][0] for n in places], [values[n][1] for n in places])
        texts = open_many(key, aads, [values[n][2] for n in places])
        for n, text in zip(places, texts, strict=True):
            plain[n] = text
    return plain


def _view(shelf: Shelf[S], row: Row[Any], plain: bytes) -> RecordView[S]:
    kept, state = shelf.decode(plain), RecordState(row.state)
    held = state is RecordState.HELD
    return RecordView(
        row.id,
        row.version,
        row.account_id,
        row.stream,
        state,
        row.source,
        row.source_name,
        row.subject_group,
        Doubt(row.doubts),
        row.hold_until,
        row.first_seen_at,
        row.changed_at,
        kept.external_id,
        shelf.books(kept.record) if held else kept.record,
        () if held else kept.numbers,
    )
