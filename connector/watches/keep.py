"""Keep an account's subscription: made where there is none, renewed before it ends, made anew
where Microsoft took it away."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update

from connector.accounts.find import find_account
from connector.accounts.kinds import AccountKind
from connector.accounts.secrets import digest_of
from connector.accounts.states import READING, AccountState
from connector.outbound.failures import ConfigurationFailure, Failure, FailureKind
from connector.providers.microsoft.connections import CallsConnection, PartnerConnection
from connector.providers.microsoft.failures import NotThere
from connector.providers.microsoft.notifications import Notified, renew, subscribe, unsubscribe
from connector.providers.port import Connection
from connector.syncs.locks import locked
from connector.syncs.openings import open_account
from connector.syncs.stations import Station
from connector.syncs.streams import list_streams
from connector.watches.kinds import TOLD
from connector.watches.models import ChangeWatch
from connector.watches.read_changes import enqueue_changes
from connector.watches.register_events import register_events, unregister_events
from privacy.core.db.locks import AdvisoryLock
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.core.logs import get_log
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.errors import OpenError

RENEWED: Final = timedelta(hours=24)
"""Before its end: a day of outages is survived."""
PATH: Final = "/in/microsoft/notifications"
_STATE_BYTES: Final = 32
_MOMENT: Final = 8.0
"""Seconds that somebody who disconnects a system waits for Microsoft."""
_log = get_log("web")


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is known before anybody is asked. `wanted`: whether there should be one."""

    wanted: bool
    outside_id: str
    ends_at: datetime | None
    now: datetime


def keep_watch(
    station: Station, *, account_id: uuid.UUID, public_url: str, renewed: bool = False
) -> None:
    """Make what is known of an account's subscription true.

    Args:
        public_url: where Microsoft reaches us; nothing is subscribed to without https.
        renewed: renew it though its end is far; Microsoft asked for that.

    Raises:
        Failure: Microsoft was asked, and it did not work. Busy: another process is at it.
    """
    with locked(station.engine, AdvisoryLock.ACCOUNT_MESSAGE, account_id, seconds=30):
        kept = _known(station, account_id)
        if not kept.wanted:
            _stop(station, account_id, kept)
            return
        connection = open_account(station, account_id=account_id).connection
        if not _reachable(station, public_url) or (kept.outside_id and not _due(kept, renewed)):
            return
        if isinstance(connection, PartnerConnection):
            register_events(station, account_id, connection, public_url)
        if not isinstance(connection, CallsConnection):
            return
        if not (kept.outside_id and _renew(station, account_id, connection, kept)):
            _make(station, account_id, connection, f"{public_url}{PATH}")


def _known(station: Station, account_id: uuid.UUID) -> _Kept:
    with station.work() as work:
        row = work.session.scalar(select(ChangeWatch).where(ChangeWatch.account_id == account_id))
        key, ends = (row.outside_id, row.ends_at) if row else ("", None)
        return _Kept(is_wanted(work, account_id), key, ends, work.now)


def is_wanted(work: UnitOfWork, account_id: uuid.UUID) -> bool:
    """Whether changes of this account shall be told: it is read, and its call records are."""
    try:
        account = find_account(work, account_id)
    except NotFound:
        return False
    told = TOLD.get(AccountKind(account.kind), frozenset())
    if AccountState(account.state) not in READING:
        return False
    return any(
        row.stream in told and row.available and not row.paused
        for row in list_streams(work, account_id)
    )


def _reachable(station: Station, public_url: str) -> bool:
    """Microsoft posts to https only; a simulator on this machine is content with less."""
    return public_url.startswith("https://") or station.loopback


def _due(kept: _Kept, renewed: bool) -> bool:
    return renewed or kept.ends_at is None or kept.ends_at - kept.now < RENEWED


def _renew(
    station: Station, account_id: uuid.UUID, connection: CallsConnection, kept: _Kept
) -> bool:
    """False where Microsoft knows it no more."""
    try:
        ends = renew(connection.graph, kept.outside_id, now=kept.now)
    except NotThere:
        return False
    with station.work() as work:
        work.session.execute(
            update(ChangeWatch).where(ChangeWatch.account_id == account_id).values(ends_at=ends)
        )
    return True


def _make(station: Station, account_id: uuid.UUID, connection: CallsConnection, url: str) -> None:
    """Whatever happened before it was there is read at once."""
    state = secrets.token_urlsafe(_STATE_BYTES)
    with station.work() as work:
        now = work.now
    made = subscribe(connection.graph, url=url, state=state, now=now)
    with station.work() as work:
        work.session.execute(delete(ChangeWatch).where(ChangeWatch.account_id == account_id))
        work.session.add(_row(work, account_id, made, state))
        record(work, Event.ACCOUNT_WATCHED, subject=account_id)
        enqueue_changes(work, account_id=account_id)


def _row(work: UnitOfWork, account_id: uuid.UUID, made: Notified, state: str) -> ChangeWatch:
    return ChangeWatch(
        tenant_id=work.tenant_id,
        digest=digest_of(made.id),
        account_id=account_id,
        outside_id=made.id,
        state_digest=digest_of(state),
        ends_at=made.ends_at,
        created_at=work.now,
    )


def end_watch(station: Station, *, account_id: uuid.UUID) -> None:
    """Have nothing told of an account that is about to be disconnected, while its credential is
    there. What does not work is left: nothing that is told then leads to an account."""
    try:
        with locked(station.engine, AdvisoryLock.ACCOUNT_MESSAGE, account_id, seconds=_MOMENT):
            _stop(station, account_id, _known(station, account_id), patience=_MOMENT)
    except (Failure, NotFound, OpenError) as error:
        _log.warning("watch not ended", account_id=account_id, error=type(error).__name__)


def _stop(
    station: Station, account_id: uuid.UUID, kept: _Kept, patience: float | None = None
) -> None:
    """Graph's subscription ends by itself within three days, so ours goes whatever Graph says. A
    registration at Partner Center does not: ours stays until theirs is emptied, or cannot be."""
    if not kept.outside_id:
        return
    connection = _opened(station, account_id, patience)
    if isinstance(connection, PartnerConnection):
        _empty(connection, kept.outside_id)
    with station.work() as work:
        work.session.execute(delete(ChangeWatch).where(ChangeWatch.account_id == account_id))
    if isinstance(connection, CallsConnection):
        unsubscribe(connection.graph, kept.outside_id)


def _opened(station: Station, account_id: uuid.UUID, patience: float | None) -> Connection | None:
    """None where there is no credential any more, or none that can be used."""
    with station.work() as work:
        usable = _is_paused(work, account_id)
    try:
        opened = open_account(station, account_id=account_id, patience=patience) if usable else None
    except ConfigurationFailure:
        return None
    return opened.connection if opened else None


def _empty(connection: PartnerConnection, outside_id: str) -> None:
    """Raises Failure where time mends it; what a credential forbids stays as it is."""
    try:
        unregister_events(connection, outside_id)
    except Failure as failure:
        if failure.kind is FailureKind.TRANSIENT:
            raise


def _is_paused(work: UnitOfWork, account_id: uuid.UUID) -> bool:
    """A paused account has its credential still; a deleted one has none."""
    try:
        return find_account(work, account_id).credential_sealed is not None
    except NotFound:
        return False
