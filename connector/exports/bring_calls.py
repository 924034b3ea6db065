"""The calls of one day, under that day's own key here: ids, tokens and seals are made anew."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from connector.calls.keeping import call_key
from connector.calls.rows import ids_of, seal_rows
from connector.calls.shapes import CallRecord
from connector.calls.sources import keep_sources
from connector.calls.store import store_rows
from connector.exports.gone import Erased
from connector.exports.outcomes import Fate, Outcome
from connector.exports.rows import read_call
from privacy.core.db.work import UnitOfWork
from privacy.vault.keyring import Keyring
from privacy.vault.keys import DayKey

Call = tuple[bytes, CallRecord, list[bytes]]


def bring_calls(
    work: UnitOfWork,
    vault: Keyring,
    *,
    day: date,
    lines: Sequence[bytes],
    erased: Erased,
    outcome: Outcome,
) -> None:
    """Write calls of a day that is still kept. Of two versions of one call the higher stays.

    Raises:
        DayEnded: the key of the day was destroyed.
    """
    key = call_key(work, vault, day)
    by_account: dict[uuid.UUID, list[tuple[uuid.UUID, CallRecord, list[bytes]]]] = defaultdict(list)
    for line in lines:
        read, record, documents = read_call(line)
        by_account[read.account_id].append((read.id, record, documents))
    for account_id, calls in sorted(by_account.items()):
        ids = ids_of(key, account_id, [record for _, record, _ in calls])
        living = {
            new: (new, record, documents)
            for new, (old, record, documents) in zip(ids, calls, strict=True)
            if not erased.has("calls", (old, uuid.UUID(bytes=new)))
        }
        outcome.add("calls", Fate.ERASED, len(calls) - len(living))
        _write(work, key, account_id, [living[one] for one in sorted(living)], outcome)


def _write(
    work: UnitOfWork, key: DayKey, account_id: uuid.UUID, calls: list[Call], outcome: Outcome
) -> None:
    if not calls:
        return
    ids, records = [new for new, _, _ in calls], [record for _, record, _ in calls]
    written = store_rows(work, account_id, [seal_rows(key, work.tenant_id, ids, records)])
    documents = [(new, text) for new, _, texts in calls for text in texts]
    keep_sources(work, account_id, {key: documents})
    outcome.add("calls", Fate.CREATED, len(written))
    outcome.add("calls", Fate.UNCHANGED, len(calls) - len(written))
