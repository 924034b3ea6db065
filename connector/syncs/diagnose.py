"""A diagnostics bundle: what somebody who helps needs to know, and nothing that they must not.

States, times, counts, codes and versions. No credential, no cursor, no name that the tenant or
the other side gave, no document: nothing in it has to be redacted by whoever sends it.
"""

import platform
import uuid
from datetime import datetime
from importlib.metadata import version
from typing import Any, Final

from sqlalchemy import func, select

from connector.accounts.connections import AccountConnection
from connector.accounts.find import find_account
from connector.accounts.models import ConnectorAccount
from connector.accounts.pending import connection_of
from connector.outgoing.models import OutgoingDocument
from connector.syncs.models import AccountStream, SyncRun
from connector.syncs.streams import list_streams
from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record

FORMAT: Final = "silta diagnostics 1"
_RUNS: Final = 100
_LIBRARIES: Final = ("httpcore", "httpx", "lxml", "msgspec", "sqlalchemy", "psycopg")

_ACCOUNT = ("id", "kind", "service", "state", "state_reason", "state_at", "disabled_by",
            "credential_version", "region", "time_zone", "created_at")  # fmt: skip
_CONNECTION = ("pending_version", "failure_code", "failure_kind", "failing_since", "failures",
               "doubts", "doubted_on", "not_before", "checked_at", "tried_at",
               "requests_per_minute")  # fmt: skip
_STREAM = ("stream", "kind", "available", "paused", "full_wanted", "every_minutes", "next_due_at",
           "last_success_at", "swept_at", "failures", "failing_since", "failure_code",
           "failure_kind", "removal_waits", "removal_of")  # fmt: skip
_RUN = ("id", "stream", "mode", "outcome", "started_at", "progressed_at", "ended_at", "pages",
        "estimated", "created", "changed", "unchanged", "removed", "refused", "unread",
        "failure_code", "failure_kind")  # fmt: skip

Row = ConnectorAccount | AccountConnection | AccountStream | SyncRun


def diagnose(work: UnitOfWork, *, account_id: uuid.UUID, revision: str = "") -> dict[str, Any]:
    """The bundle of one account, ready for JSON; the ledger says that it was made.

    Args:
        revision: of the schema.

    Raises:
        NotFound: no such account, or it is not asked.
    """
    account, connection = find_account(work, account_id), connection_of(work, account_id)
    record(work, Event.ACCOUNT_DIAGNOSED, subject=account_id)
    return {
        "format": FORMAT,
        "made_at": work.now.isoformat(),
        "versions": _versions(revision),
        "account": _told(account, _ACCOUNT),
        "connection": _told(connection, _CONNECTION)
        | {"new_credential_waits": connection.pending_sealed is not None},
        "streams": [
            _told(row, _STREAM)
            | {"has_cursor": row.cursor is not None, "sweeping": row.sweep_id is not None}
            for row in list_streams(work, account_id)
        ],
        "runs": [_told(run, _RUN) for run in _runs(work, account_id)],
        "documents": _documents(work, account_id),
    }


def _versions(revision: str) -> dict[str, str]:
    libraries = {name: version(name) for name in _LIBRARIES}
    return {"python": platform.python_version(), "schema": revision, **libraries}


def _told(row: Row, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int) else str(value)


def _runs(work: UnitOfWork, account_id: uuid.UUID) -> list[SyncRun]:
    statement = (
        select(SyncRun)
        .where(SyncRun.account_id == account_id)
        .order_by(SyncRun.started_at.desc())
        .limit(_RUNS)
    )
    return list(work.session.scalars(statement))


def _documents(work: UnitOfWork, account_id: uuid.UUID) -> dict[str, int]:
    """How many documents are in each state, by kind."""
    statement = (
        select(OutgoingDocument.kind, OutgoingDocument.state, func.count())
        .where(OutgoingDocument.account_id == account_id)
        .group_by(OutgoingDocument.kind, OutgoingDocument.state)
    )
    return {f"{kind}.{state}": count for kind, state, count in work.session.execute(statement)}
