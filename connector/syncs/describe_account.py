"""An account that is asked, as its page tells of it: state, repair card, streams, runs."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from connector.accounts.beginnings import is_unknown
from connector.accounts.connections import AccountConnection
from connector.accounts.find import find_account
from connector.accounts.kinds import KINDS, AccountKind
from connector.accounts.models import ConnectorAccount
from connector.accounts.pending import connection_of
from connector.accounts.states import AccountState
from connector.providers.port import CredentialField, Provider
from connector.providers.pulled import PROVIDERS
from connector.syncs.models import AccountStream, SyncRun
from connector.syncs.repairs import Repair, repair_of
from connector.syncs.run_stream import RunOutcome
from connector.syncs.streams import list_streams
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class RunView:
    """One run. `seen` of `estimated` while it runs; `seconds` so far, or altogether."""

    id: uuid.UUID
    stream: str
    label: str
    mode: str
    outcome: str
    started_at: datetime
    ended_at: datetime | None
    seconds: float
    pages: int
    seen: int
    estimated: int | None
    created: int
    changed: int
    unchanged: int
    removed: int
    refused: int
    unread: int
    failure_code: str | None
    failure_kind: str | None


@dataclass(frozen=True, slots=True)
class StreamView:
    """One stream. `readable`: the last test call found it so. `running`: its run, while one is."""

    name: str
    label: str
    kind: str
    readable: bool
    paused: bool
    every_minutes: int
    next_due_at: datetime | None
    last_success_at: datetime | None
    swept_at: datetime | None
    sweeping: bool
    running: RunView | None
    failure_code: str | None
    failure_kind: str | None
    failure_text: str | None
    failing_since: datetime | None
    removal_waits: int | None
    """Things that were missing, and are kept until somebody confirms that they are gone."""
    removal_of: int | None


@dataclass(frozen=True, slots=True)
class AccountView:
    """Everything that is shown; never a credential."""

    id: uuid.UUID
    kind: AccountKind
    kind_label: str
    name: str
    display_name: str
    external_key: str
    state: AccountState
    state_reason: str | None
    state_at: datetime
    disabled_by: str | None
    failure_code: str | None
    failure_kind: str | None
    failure_text: str | None
    failing_since: datetime | None
    not_before: datetime | None
    checked_at: datetime | None
    new_credential_waits: bool
    requests_per_minute: int
    fields: tuple[CredentialField, ...]
    repair: Repair | None
    streams: tuple[StreamView, ...]
    runs: tuple[RunView, ...]


def describe_account(
    work: UnitOfWork,
    account_id: uuid.UUID,
    *,
    providers: Mapping[AccountKind, Provider] = PROVIDERS,
    runs: int = 20,
) -> AccountView:
    """An account of the bound tenant that is asked.

    Args:
        runs: how many of the latest runs.

    Raises:
        NotFound: there is none, or it is of another kind.
    """
    account = find_account(work, account_id)
    provider = providers.get(AccountKind(account.kind))
    if provider is None:
        raise NotFound
    labels = {stream.name: stream.label for stream in provider.streams}
    latest = list_runs(work, account_id, labels=labels, limit=runs)
    connection, streams = connection_of(work, account_id), list_streams(work, account_id)
    return _account(account, connection, provider, streams, latest)


def _account(
    account: ConnectorAccount,
    connection: AccountConnection,
    provider: Provider,
    streams: Sequence[AccountStream],
    latest: Sequence[RunView],
) -> AccountView:
    kind = AccountKind(account.kind)
    return AccountView(
        id=account.id,
        kind=kind,
        kind_label=KINDS[kind].label,
        name=account.name,
        display_name=connection.display_name,
        external_key="" if is_unknown(account.external_key) else account.external_key,
        state=AccountState(account.state),
        state_reason=account.state_reason,
        state_at=account.state_at,
        disabled_by=account.disabled_by,
        failure_code=connection.failure_code,
        failure_kind=connection.failure_kind,
        failure_text=connection.failure_text,
        failing_since=connection.failing_since,
        not_before=connection.not_before,
        checked_at=connection.checked_at,
        new_credential_waits=connection.pending_sealed is not None,
        requests_per_minute=connection.requests_per_minute,
        fields=provider.credential,
        repair=repair_of(account, connection, provider, streams=streams),
        streams=_streams(provider, streams, latest),
        runs=tuple(latest),
    )


def _streams(
    provider: Provider, rows: Sequence[AccountStream], latest: Sequence[RunView]
) -> tuple[StreamView, ...]:
    labels = {stream.name: stream.label for stream in provider.streams}
    running = {run.stream: run for run in latest if run.outcome == RunOutcome.RUNNING}
    return tuple(
        _stream(row, labels.get(row.stream, row.stream), running.get(row.stream)) for row in rows
    )


def list_runs(
    work: UnitOfWork,
    account_id: uuid.UUID,
    *,
    labels: Mapping[str, str] | None = None,
    stream: str | None = None,
    limit: int = 50,
) -> list[RunView]:
    """The latest runs of an account, newest first."""
    statement = select(SyncRun).where(SyncRun.account_id == account_id)
    if stream is not None:
        statement = statement.where(SyncRun.stream == stream)
    newest = statement.order_by(SyncRun.started_at.desc(), SyncRun.id.desc()).limit(limit)
    return [_run(work, row, (labels or {}).get(row.stream)) for row in work.session.scalars(newest)]


def _run(work: UnitOfWork, row: SyncRun, label: str | None) -> RunView:
    return RunView(
        id=row.id,
        stream=row.stream,
        label=label or row.stream,
        mode=row.mode,
        outcome=row.outcome,
        started_at=row.started_at,
        ended_at=row.ended_at,
        seconds=((row.ended_at or work.now) - row.started_at).total_seconds(),
        pages=row.pages,
        seen=row.seen,
        estimated=row.estimated,
        created=row.created,
        changed=row.changed,
        unchanged=row.unchanged,
        removed=row.removed,
        refused=row.refused,
        unread=row.unread,
        failure_code=row.failure_code,
        failure_kind=row.failure_kind,
    )


def _stream(row: AccountStream, label: str, running: RunView | None) -> StreamView:
    return StreamView(
        name=row.stream,
        label=label,
        kind=row.kind,
        readable=row.available,
        paused=row.paused,
        every_minutes=row.every_minutes,
        next_due_at=row.next_due_at,
        last_success_at=row.last_success_at,
        swept_at=row.swept_at,
        sweeping=row.sweep_id is not None,
        running=running,
        failure_code=row.failure_code,
        failure_kind=row.failure_kind,
        failure_text=row.failure_text,
        failing_since=row.failing_since,
        removal_waits=row.removal_waits,
        removal_of=row.removal_of,
    )
