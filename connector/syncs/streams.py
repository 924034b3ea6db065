"""Streams of an account: which there are, and what people do with them."""

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select

from connector.accounts.find import find_account
from connector.accounts.pending import connection_of
from connector.accounts.states import READING, AccountState
from connector.providers.port import Stream
from connector.synced.shapes import RecordKind
from connector.syncs.models import AccountStream
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict, NotFound
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.profiles.load import profile


class NotReading(Conflict):
    """There is no working connection to read over."""

    code = "account_not_reading"
    message = "This system is not connected. Test it first; then it is read by itself."


def ensure_streams(
    work: UnitOfWork,
    *,
    account_id: uuid.UUID,
    streams: Iterable[Stream],
    service: str,
    readable: Collection[str],
) -> None:
    """A row for each stream that the service's profile declares; new ones are due at once.

    Args:
        readable: names that the last test call found readable; others wait for another one.
    """
    known = {row.stream: row for row in list_streams(work, account_id)}
    for stream in streams:
        if not declares(service, stream.kind):
            continue
        row = known.get(stream.name)
        if row is None:
            row = AccountStream(
                tenant_id=work.tenant_id,
                account_id=account_id,
                stream=stream.name,
                kind=stream.kind.value,
                next_due_at=work.now,
            )
            work.session.add(row)
        row.available = stream.name in readable
    work.session.flush()


def declares(service: str, kind: RecordKind) -> bool:
    """Whether the service's profile lets such records be kept (promise A12). Products are
    nobody's personal data."""
    keys = {one.key for one in profile(service).data}
    return kind is RecordKind.PRODUCTS or kind.value in keys


def list_streams(work: UnitOfWork, account_id: uuid.UUID) -> list[AccountStream]:
    """An account's streams, by name."""
    statement = (
        select(AccountStream)
        .where(AccountStream.account_id == account_id)
        .order_by(AccountStream.stream)
    )
    return list(work.session.scalars(statement))


def find_stream(
    work: UnitOfWork, account_id: uuid.UUID, stream: str, *, lock: bool = False
) -> AccountStream:
    """One stream. Raises NotFound."""
    statement = select(AccountStream).where(
        AccountStream.account_id == account_id, AccountStream.stream == stream
    )
    found = work.session.scalar(statement.with_for_update() if lock else statement)
    if found is None:
        raise NotFound
    return found


def pause_stream(work: UnitOfWork, *, account_id: uuid.UUID, stream: str) -> None:
    """Read it no more, until it is resumed; a run stops after its page. Raises NotFound."""
    find_account(work, account_id)
    row = find_stream(work, account_id, stream, lock=True)
    if not row.paused:
        row.paused = True
        record(work, Event.SYNC_PAUSED, subject=account_id, facts={"stream": stream})


def resume_stream(work: UnitOfWork, *, account_id: uuid.UUID, stream: str) -> None:
    """Read it again, from where it stopped. Raises NotFound."""
    find_account(work, account_id)
    row = find_stream(work, account_id, stream, lock=True)
    if row.paused:
        row.paused, row.next_due_at = False, work.now
        record(work, Event.SYNC_RESUMED, subject=account_id, facts={"stream": stream})


def request_run(
    work: UnitOfWork, *, account_id: uuid.UUID, stream: str | None = None, full: bool = False
) -> None:
    """Read now: one stream, or all. What the system asked us to wait is waited.

    Args:
        full: list everything again, and remove what is gone.

    Raises:
        NotFound: no such account or stream. NotReading: there is no working connection.
    """
    account = find_account(work, account_id, lock=True)
    connection = connection_of(work, account_id)
    if AccountState(account.state) not in READING:
        raise NotReading
    rows = [find_stream(work, account_id, stream)] if stream else list_streams(work, account_id)
    for row in rows:
        row.next_due_at = work.now
        row.full_wanted = row.full_wanted or full
    facts: dict[str, str | bool] = {"stream": stream or "all", "full": full}
    record(work, Event.SYNC_REQUESTED, subject=account_id, facts=facts)
    run_at = max(work.now, connection.not_before or work.now)
    enqueue_run(work, account_id=account_id, run_at=run_at)


def enqueue_run(
    work: UnitOfWork, *, account_id: uuid.UUID, run_at: datetime, dedupe_key: str | None = None
) -> None:
    """Add the job that reads what is due of an account."""
    payload = {"account_id": str(account_id)}
    enqueue(work, name=JobName.SYNC_RUN, payload=payload, run_at=run_at, dedupe_key=dedupe_key)
