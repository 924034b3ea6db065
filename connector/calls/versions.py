"""Later news of a call that is stored already.

A call's day is fixed at first acceptance: later versions stay there, whatever start they say.
The id is a digest under the day's own key, so a version that moved to another day would not meet
itself; versions above one are rare, and only they are looked for on every kept day. Where an
exchange tells of one call in several deliveries, what is stored and what came become one.
"""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from datetime import date

import msgspec
from sqlalchemy import text

from connector.accounts.refs import AccountRef
from connector.calls.keeping import KeptDays, call_keys
from connector.calls.merges import merge
from connector.calls.pages import rows_of_ids
from connector.calls.rows import ids_of
from connector.calls.shapes import CallRecord
from connector.calls.taken import CallId, Days, Taken
from connector.calls.views import CallView, open_rows
from privacy.core.db.work import UnitOfWork
from privacy.vault.keyring import Keyring
from privacy.vault.keys import DayKey

_LOCK = text("SELECT pg_advisory_xact_lock(:key)")

Place = tuple[date, CallId]


def settle_versions(
    work: UnitOfWork,
    vault: Keyring,
    account: AccountRef,
    days: Days,
    kept: KeptDays,
    *,
    merging: bool,
) -> None:
    """Move each later version to the day on which its call stands, and merge where it must be."""
    later = {
        (day, identifier): item
        for day, group in days.items()
        for identifier, item in group.items()
        if merging or item.record.version > 1
    }
    if not later:
        return
    if merging:
        _one_at_a_time(work, account.id, later.values())
    keys = call_keys(work, vault, kept, first=kept.oldest, last=date.max)
    for place, known in _known(work, account.id, later, keys, kept).items():
        _settle(days, place, known, merging=merging)


def _one_at_a_time(work: UnitOfWork, account_id: uuid.UUID, items: Iterable[Taken]) -> None:
    """Two deliveries about one call wait for each other; in order, so that nobody waits twice."""
    for key in sorted({_lock_of(account_id, item.record) for item in items}):
        work.connection.execute(_LOCK, {"key": key})


def _lock_of(account_id: uuid.UUID, record: CallRecord) -> int:
    digest = hashlib.blake2b(record.identity, key=account_id.bytes, digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _known(
    work: UnitOfWork,
    account_id: uuid.UUID,
    later: Mapping[Place, Taken],
    keys: Mapping[date, DayKey],
    kept: KeptDays,
) -> dict[Place, CallView]:
    """What is stored of the calls, by where each was put."""
    records = [item.record for item in later.values()]
    stands = {
        identifier: place
        for key in keys.values()
        for place, identifier in zip(later, ids_of(key, account_id, records), strict=True)
    }
    rows = rows_of_ids(work, list(keys), [uuid.UUID(bytes=identifier) for identifier in stands])
    return {stands[view.id.bytes]: view for view in open_rows(work, keys, kept, rows)}


def _settle(days: Days, place: Place, known: CallView, *, merging: bool) -> None:
    item = days[place[0]].pop(place[1])
    if merging:
        merged = _merged(known.record, item.record)
        item = Taken(item.index, merged, item.sources)
    days.setdefault(known.day, {})[known.id.bytes] = item


def _merged(stored: CallRecord, incoming: CallRecord) -> CallRecord:
    """Both as one, above the stored version if that says anything new."""
    both = msgspec.structs.replace(merge(stored, incoming), version=stored.version)
    if both == stored:
        return stored
    return msgspec.structs.replace(both, version=max(stored.version, incoming.version) + 1)
