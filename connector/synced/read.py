"""Read records: one, or page by page."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic

from sqlalchemy import Select, select, tuple_

from connector.synced.columns import RecordState
from connector.synced.said import say_listed, say_read
from connector.synced.shapes import RecordKind
from connector.synced.shelves import S, Shelf, about_token, source_index
from connector.synced.views import RecordView, open_records
from connector.synced.withheld import withhold
from privacy.core.cursors import Place, read_place, write_place
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid, NotFound
from privacy.suppressions.uses import Use
from privacy.vault.keyring import Keyring

MOST: Final = 500
"""Records on one page."""


@dataclass(frozen=True, slots=True)
class RecordPage(Generic[S]):
    """Records, and where to go on; None at the end."""

    records: list[RecordView[S]]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """Which records, in which order.

    Args:
        changed_since: those that were stored or changed then or later.
        newest_first: else the oldest change first, so that whoever reads on misses none.
        held: those that are kept for a legal obligation only, instead of those in use.
        use: what they are listed for; who objected to that is not among them, and a page may be
            short.
    """

    cursor: str | None = None
    limit: int = 100
    changed_since: datetime | None = None
    newest_first: bool = False
    held: bool = False
    use: Use = Use.DELIVERY


def list_records(
    work: UnitOfWork, *, vault: Keyring, shelf: Shelf[S], listing: Listing
) -> RecordPage[S]:
    """One page; said in the ledger.

    Raises:
        Invalid: the limit or the cursor is not usable.
        OpenError: a stored record was changed outside the service.
    """
    if not 1 <= listing.limit <= MOST:
        raise Invalid(fields={"limit": f"Ask for 1 to {MOST} at a time."})
    rows = work.connection.execute(_page(work, shelf, listing)).all()
    shown, more = rows[: listing.limit], len(rows) > listing.limit
    opened = open_records(work, vault, shelf, shown)
    views = withhold(work, vault, shelf, opened, use=listing.use)
    say_listed(work, shelf.kind, found=len(views))
    last = Place(shown[-1].changed_at, shown[-1].id) if more else None
    return RecordPage(views, write_place(last) if last else None)


def view_record(
    work: UnitOfWork, *, vault: Keyring, shelf: Shelf[S], record_id: uuid.UUID
) -> RecordView[S]:
    """One record; said in the ledger.

    Raises:
        NotFound: there is none, it is another tenant's, or it is erased; all said alike.
        OpenError: it was changed outside the service.
    """
    view = find_record(work, vault=vault, shelf=shelf, record_id=record_id)
    say_read(work, shelf.kind, view.id)
    return withhold(work, vault, shelf, [view], use=Use.DELIVERY)[0]


def find_record(
    work: UnitOfWork, *, vault: Keyring, shelf: Shelf[S], record_id: uuid.UUID, lock: bool = False
) -> RecordView[S]:
    """One record, for a use case that says itself what it does. Raises as `view_record`."""
    found = _of_tenant(work, shelf).where(shelf.table.c.id == record_id)
    rows = work.connection.execute(found.with_for_update() if lock else found).all()
    if not rows:
        raise NotFound
    return open_records(work, vault, shelf, rows)[0]


def records_about(
    work: UnitOfWork,
    *,
    vault: Keyring,
    shelf: Shelf[S],
    kind: RecordKind,
    account_id: uuid.UUID | None,
    external_ids: Sequence[str],
    limit: int = 100,
) -> list[RecordView[S]]:
    """Records in use that are about a thing of `kind`: a customer's invoices, an invoice's
    payments. The newest change first. Of what people entered by hand there are none.

    Args:
        external_ids: what the thing is called; empty ones stand for nothing.
    """
    if account_id is None:
        return []
    index = source_index(work, vault)
    tokens = [about_token(index, account_id, kind, each) for each in external_ids if each]
    c = shelf.table.c
    found = (
        _of_tenant(work, shelf)
        .where(c.about_token.in_(tokens), c.state == RecordState.LIVING.value)
        .order_by(c.changed_at.desc(), c.id.desc())
        .limit(limit)
    )
    opened = open_records(work, vault, shelf, work.connection.execute(found))
    return withhold(work, vault, shelf, opened, use=Use.DELIVERY)


def _of_tenant(work: UnitOfWork, shelf: Shelf[Any]) -> Select[Any]:
    return select(*shelf.table.c).where(shelf.table.c.tenant_id == work.tenant_id)


def _page(work: UnitOfWork, shelf: Shelf[Any], listing: Listing) -> Select[Any]:
    c = shelf.table.c
    state = RecordState.HELD if listing.held else RecordState.LIVING
    page = _of_tenant(work, shelf).where(c.state == state.value).limit(listing.limit + 1)
    if listing.changed_since is not None:
        page = page.where(c.changed_at >= listing.changed_since)
    if listing.cursor is not None:
        place, after = tuple_(c.changed_at, c.id), tuple_(*read_place(listing.cursor))
        page = page.where(place < after if listing.newest_first else place > after)
    if listing.newest_first:
        return page.order_by(c.changed_at.desc(), c.id.desc())
    return page.order_by(c.changed_at, c.id)
