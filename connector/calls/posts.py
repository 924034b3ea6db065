"""A single post in one statement: its calls, their documents, the day's counts and the minute's.

An exchange posts each call as it ends, so a post is mostly waiting for the database. In steps it
would be five statements in a savepoint; as one, the database itself sees which calls are new and
counts only those. Of calls that can be newer versions of known ones that is not enough (see store).
"""

import uuid
from collections.abc import Mapping
from typing import Final

from connector.calls.minutes import ADD_NEW as ADD_MINUTE
from connector.calls.minutes import ask_for_record, minute_of
from connector.calls.outcomes import IngestOutcome
from connector.calls.rows import CallRows, seal_rows
from connector.calls.shapes import CallRecord
from connector.calls.sources import INSERT_SOURCES, documents_of, sealed_sources
from connector.calls.store import INSERT_NEW, Written, columns_of
from connector.calls.taken import CallId, Days, Group, Keyed
from connector.calls.tallies import ADD_NEW as ADD_TALLIES
from connector.calls.tallies import shard, tally_columns
from privacy.core.db.work import UnitOfWork
from privacy.vault.keys import DayKey

_POST: Final = f"""
WITH new AS ({INSERT_NEW}), kept AS ({INSERT_SOURCES}), tallied AS ({ADD_TALLIES})
{ADD_MINUTE}, ARRAY(SELECT id FROM new)
"""


def are_first(days: Days) -> bool:
    """Whether no call is a newer version of one that may be known."""
    return all(item.record.version == 1 for group in days.values() for item in group.values())


def post_calls(
    work: UnitOfWork,
    account_id: uuid.UUID,
    posted: Keyed,
    unless_new: IngestOutcome,
) -> Written:
    """Store and count first versions of calls, by the key of their day; what is known stays.

    Args:
        unless_new: what becomes of the post if no call of it is new; counted with it.
    """
    owner = (str(work.tenant_id), str(account_id))
    counts = (unless_new.duplicates, unless_new.expired, len(unless_new.rejections))
    parameters = (
        *(*owner, *columns_of([_sealed(work, key, group) for key, group in posted.items()])),
        *(*owner, *sealed_sources(work.tenant_id, {k: documents_of(g) for k, g in posted.items()})),
        *(*owner, shard(), *tally_columns({key.day: _records(g) for key, g in posted.items()})),
        *(*minute_of(work, account_id), *counts),
    )
    with work.driver.cursor(binary=True) as cursor:
        [(began, new)] = cursor.execute(_POST, parameters, prepare=True)
    if began:
        ask_for_record(work)
    return {identifier.bytes: True for identifier in new}


def _sealed(work: UnitOfWork, key: DayKey, group: Group) -> CallRows:
    ids = sorted(group)
    return seal_rows(key, work.tenant_id, ids, [group[each].record for each in ids])


def _records(group: Group) -> Mapping[CallId, CallRecord]:
    return {identifier: item.record for identifier, item in group.items()}
