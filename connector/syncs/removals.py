"""The end of a sweep: what it did not see goes, unless that is so much that somebody has to say so.

A system that was set up anew, or whose credential sees less than before, answers well and lists
nothing. Nothing is erased for that before a person has confirmed it.
"""

import uuid
from typing import Final

from connector.accounts.find import find_account
from connector.accounts.refs import AccountRef
from connector.outbound.failures import ConfigurationFailure
from connector.synced.sinks import Sink, Unseen
from connector.syncs.models import AccountStream
from connector.syncs.streams import find_stream, request_run
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict
from privacy.ledger.events import Event
from privacy.ledger.record import record

MANY: Final = 100
"""Of a stream with more than so many things, not more than half go unasked."""


class RemovalDoubtful(ConfigurationFailure):
    """What a stream fails with while it waits for somebody's word."""

    code = "removal_doubtful"
    message = (
        "It does not list most of what it had any more, or nothing at all. What is missing there "
        "was kept here until somebody confirms that it is gone."
    )


class NothingWaits(Conflict):
    """There is nothing to confirm, or not any more."""

    code = "no_removal_waits"
    message = "Nothing waits to be removed. The system may list everything again."


def is_doubtful(unseen: Unseen) -> bool:
    """Whether a person has to say that so much is gone: all of it, or most of many."""
    if not unseen.gone:
        return False
    most = unseen.living > MANY and 2 * unseen.gone > unseen.living
    return most or unseen.gone == unseen.living


def end_sweep(
    work: UnitOfWork, sink: Sink, account: AccountRef, row: AccountStream, sweep: uuid.UUID
) -> int:
    """Remove what `sweep` did not see, or keep it and ask. `row` is locked.

    Returns:
        How many went.
    """
    unseen = sink.count_unseen(work, account=account, stream=row.stream, sweep=sweep)
    allowed, row.removal_allowed = row.removal_allowed or 0, None
    row.sweep_id, row.swept_at = None, work.now
    if is_doubtful(unseen) and unseen.gone > allowed:
        _hold(work, row, unseen)
        return 0
    row.removal_waits = row.removal_of = None
    return sink.remove_unseen(work, account=account, stream=row.stream, sweep=sweep)


def _hold(work: UnitOfWork, row: AccountStream, unseen: Unseen) -> None:
    if (row.removal_waits, row.removal_of) == (unseen.gone, unseen.living):
        return
    row.removal_waits, row.removal_of = unseen.gone, unseen.living
    facts: dict[str, str | int] = {
        "stream": row.stream,
        "missing": unseen.gone,
        "records": unseen.living,
    }
    record(work, Event.REMOVAL_HELD, subject=row.account_id, facts=facts)


def confirm_removal(work: UnitOfWork, *, account_id: uuid.UUID, stream: str) -> None:
    """Somebody says that what was missing is gone indeed.

    Everything is listed once more, now; what is still missing then goes. If even more is missing,
    somebody is asked again.

    Raises:
        NotFound: no such account or stream. NothingWaits: nobody was asked.
        NotReading: there is no working connection.
    """
    find_account(work, account_id, lock=True)
    row = find_stream(work, account_id, stream, lock=True)
    if row.removal_waits is None:
        raise NothingWaits
    row.removal_allowed = row.removal_waits
    facts: dict[str, str | int] = {"stream": stream, "missing": row.removal_waits}
    record(work, Event.REMOVAL_CONFIRMED, subject=account_id, facts=facts)
    request_run(work, account_id=account_id, stream=stream, full=True)
