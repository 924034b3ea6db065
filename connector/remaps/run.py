"""Run an account's mapping again over what its calls were read from.

A better mapping, or a setting that was corrected, then reaches calls of the kept days too. What
was kept are the declared fields of each document, sealed under the call's day.
"""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import msgspec
from sqlalchemy import Engine, text

from connector.accounts.find import find_account
from connector.accounts.refs import AccountRef, ref_of
from connector.calls.keeping import call_keys, kept_days
from connector.calls.merges import merge
from connector.calls.pages import rows_of_ids
from connector.calls.rows import seal_rows
from connector.calls.shapes import CallRecord
from connector.calls.sources import sources_of
from connector.calls.store import store_rows
from connector.calls.views import CallView, open_rows
from connector.providers.rereading import reader_of
from privacy.core.db.work import Actor, UnitOfWork, unit_of_work
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring
from privacy.vault.keys import DayKey

BATCH = 500

_CALLS = text(
    "SELECT DISTINCT call_id FROM call_sources WHERE tenant_id = :tenant AND day = :day "
    "AND account_id = :account AND call_id > :after ORDER BY call_id LIMIT :limit"
)


@dataclass(frozen=True, slots=True)
class Remapped:
    """Calls that were read again, and those that changed by it."""

    read: int = 0
    changed: int = 0


OnProgress = Callable[[date, int], None]


def remap_calls(
    engine: Engine,
    *,
    vault: Keyring,
    tenant_id: uuid.UUID,
    actor: Actor,
    account_id: uuid.UUID,
    on_progress: OnProgress = lambda _day, _count: None,
) -> Remapped:
    """Read every kept call of an account again. Killed anywhere, it is simply run again.

    Each batch is a transaction. A call that changes gets the next version, so that an older
    delivery which is repeated does not bring the old reading back.

    Raises:
        NotFound: no such account. NothingKept: nothing of such accounts is kept.
    """
    with unit_of_work(engine, tenant_id=tenant_id, actor=actor) as work:
        account = ref_of(find_account(work, account_id))
        reader_of(account)
        kept = kept_days(work)
        days = sorted(call_keys(work, vault, kept, first=kept.oldest, last=date.max))
    read = changed = 0
    for day in days:
        after = uuid.UUID(int=0)
        while True:
            with unit_of_work(engine, tenant_id=tenant_id, actor=actor) as work:
                ids = _next_calls(work, account_id, day, after)
                changed += _remap(work, vault, account, day, ids)
            read += len(ids)
            on_progress(day, len(ids))
            if len(ids) < BATCH:
                break
            after = ids[-1]
    _say(engine, tenant_id, actor, account_id, Remapped(read, changed))
    return Remapped(read, changed)


def _next_calls(
    work: UnitOfWork, account_id: uuid.UUID, day: date, after: uuid.UUID
) -> list[uuid.UUID]:
    values = {"tenant": work.tenant_id, "day": day, "account": account_id, "after": after}
    return list(work.connection.execute(_CALLS, values | {"limit": BATCH}).scalars())


def _remap(
    work: UnitOfWork, vault: Keyring, account: AccountRef, day: date, ids: list[uuid.UUID]
) -> int:
    kept = kept_days(work)
    keys = call_keys(work, vault, kept, first=day, last=day)
    if not ids or day not in keys:
        return 0
    stored = open_rows(work, keys, kept, rows_of_ids(work, [day], ids))
    new = {
        view.id: made for view in stored if (made := _read_again(work, keys[day], account, view))
    }
    if new:
        order = sorted(new)
        rows = seal_rows(
            keys[day],
            work.tenant_id,
            [identifier.bytes for identifier in order],
            [new[i] for i in order],
        )
        store_rows(work, account.id, [rows])
    return len(new)


def _read_again(
    work: UnitOfWork, key: DayKey, account: AccountRef, view: CallView
) -> CallRecord | None:
    """The call as it is read now, one version up; None where nothing changes."""
    records = list(_records(account, sources_of(work, key, view.id)))
    if not records:
        return None
    made = records[0]
    for other in records[1:]:
        made = merge(made, other)
    made = msgspec.structs.replace(
        made, version=view.record.version, source_id=made.source_id or view.record.source_id
    )
    if made == view.record:
        return None
    return msgspec.structs.replace(made, version=view.record.version + 1)


def _records(account: AccountRef, documents: Iterator[bytes]) -> Iterator[CallRecord]:
    read = reader_of(account)
    for document in documents:
        found = read(document)
        if found is not None:
            yield found.normalise(account.region)


def _say(
    engine: Engine, tenant_id: uuid.UUID, actor: Actor, account_id: uuid.UUID, done: Remapped
) -> None:
    with unit_of_work(engine, tenant_id=tenant_id, actor=actor) as work:
        facts = {"read": done.read, "changed": done.changed}
        record(work, Event.CALLS_REMAPPED, subject=account_id, facts=facts)
