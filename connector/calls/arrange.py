"""Group records by the day whose key seals them, each call once."""

import uuid
from collections.abc import Sequence
from datetime import date

from connector.accounts.refs import AccountRef
from connector.calls.keeping import KeptDays, call_key
from connector.calls.merges import merge
from connector.calls.rows import ids_of
from connector.calls.shapes import days_of
from connector.calls.taken import Days, Group, Taken
from privacy.core.db.work import UnitOfWork
from privacy.vault.errors import DayEnded
from privacy.vault.keyring import Keyring
from privacy.vault.keys import DayKey


def arrange(
    work: UnitOfWork,
    vault: Keyring,
    account: AccountRef,
    taken: Sequence[Taken],
    kept: KeptDays,
    *,
    merging: bool,
) -> tuple[Days, int]:
    """Days of distinct calls, and how many records came too late for theirs.

    Too late is what is older than the retention, or of a day whose key was destroyed early: a
    tenant that lengthens its retention revives nothing.
    """
    days: Days = {}
    expired = 0
    for day, group in _by_day(taken).items():
        key = _key(work, vault, day, kept)
        if key is None:
            expired += len(group)
        else:
            days[day] = _distinct(key, account.id, group, merging=merging)
    return days, expired


def _by_day(taken: Sequence[Taken]) -> dict[date, list[Taken]]:
    days = days_of([item.record for item in taken])
    if len(set(days)) == 1:
        return {days[0]: list(taken)}
    groups: dict[date, list[Taken]] = {}
    for day, item in zip(days, taken, strict=True):
        groups.setdefault(day, []).append(item)
    return groups


def _key(work: UnitOfWork, vault: Keyring, day: date, kept: KeptDays) -> DayKey | None:
    if not kept.covers(day):
        return None
    try:
        return call_key(work, vault, day)
    except DayEnded:
        return None


def _distinct(key: DayKey, account_id: uuid.UUID, group: list[Taken], *, merging: bool) -> Group:
    """Of one call sent twice in a batch the highest version stays, or all that both say."""
    ids = ids_of(key, account_id, [item.record for item in group])
    distinct = dict(zip(ids, group, strict=True))
    if len(distinct) == len(group):
        return distinct
    distinct.clear()
    for identifier, item in zip(ids, group, strict=True):
        known = distinct.get(identifier)
        distinct[identifier] = item if known is None else _one(known, item, merging=merging)
    return distinct


def _one(known: Taken, item: Taken, *, merging: bool) -> Taken:
    sources = known.sources + item.sources
    if merging:
        return Taken(item.index, merge(known.record, item.record), sources)
    better = item if known.record.version < item.record.version else known
    return Taken(better.index, better.record, sources)
