"""Exports as the pages tell of them."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from connector.exports.models import ExportState, TenantExport
from connector.http.console.backups.views import in_bytes

STATES: Final = {
    ExportState.WAITING: ("In line", "quiet"),
    ExportState.RUNNING: ("Being made", "quiet"),
    ExportState.READY: ("Ready", "good"),
    ExportState.FETCHED: ("Fetched", "quiet"),
    ExportState.FAILED: ("Failed", "bad"),
    ExportState.WITHDRAWN: ("Withdrawn: somebody was erased", "warn"),
    ExportState.EXPIRED: ("Expired", "quiet"),
}


@dataclass(frozen=True, slots=True)
class ExportFacts:
    """One line. `done`: how far it is, in percent; None unless it is being made."""

    id: uuid.UUID
    created_at: datetime
    state: tuple[str, str]
    ready: bool
    under_way: bool
    done: int | None
    table_now: str
    for_key: bool
    scheduled: bool
    rows: int
    size: str
    expires_at: datetime | None
    fetched_at: datetime | None
    failure_code: str | None
    members: list[dict[str, Any]]
    left_behind: dict[str, int]


def export_facts(row: TenantExport) -> ExportFacts:
    """What is shown of an export."""
    state = ExportState(row.state)
    running = state is ExportState.RUNNING
    return ExportFacts(
        id=row.id,
        created_at=row.created_at,
        state=STATES[state],
        ready=state is ExportState.READY,
        under_way=state in (ExportState.WAITING, ExportState.RUNNING),
        done=min(99, 100 * row.rows_done // max(1, row.rows_total)) if running else None,
        table_now=(row.table_now or "").replace("_", " "),
        for_key=row.recipient is not None,
        scheduled=row.scheduled,
        rows=row.rows_done,
        size=in_bytes(row.size),
        expires_at=row.expires_at,
        fetched_at=row.fetched_at,
        failure_code=row.failure_code,
        members=[one for one in row.contents.get("members", []) if one["rows"]],
        left_behind=row.contents.get("left_behind", {}),
    )
