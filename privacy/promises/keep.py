"""Keep what an examination found, as history; and say which broken promises are news."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select

from privacy.core.db.work import UnitOfWork
from privacy.core.ids import new_id
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.promises.catalogue import promises
from privacy.promises.examine import Looked, Report
from privacy.promises.models import PromiseRun
from privacy.promises.outcomes import Finding, Outcome

KEPT: Final = timedelta(days=400)
"""A year can be shown, and some days to look for it."""
AGAIN: Final = timedelta(days=7)
"""A promise that stays broken is told of again after so long."""


@dataclass(frozen=True, slots=True)
class RunView:
    """One examination of the past."""

    id: uuid.UUID
    at: datetime
    kept: int
    untestable: int
    broken: Sequence[str]
    report: Report


def keep_report(work: UnitOfWork, report: Report, *, told: Sequence[str] = ()) -> None:
    """Keep one more examination of `work`'s tenant. `told`: what mails told of."""
    work.session.add(
        PromiseRun(
            tenant_id=work.tenant_id,
            id=new_id(),
            at=work.now,
            kept=report.count(Outcome.KEPT),
            untestable=report.count(Outcome.UNTESTABLE),
            broken=report.broken,
            told=list(told),
            findings=[_plain(one) for one in report.looked],
        )
    )
    facts = {"kept": report.count(Outcome.KEPT), "broken": len(report.broken)}
    record(work, Event.PROMISES_EXAMINED, facts=facts)
    work.session.flush()


def latest_run(work: UnitOfWork) -> RunView | None:
    """The last examination of the bound tenant; None where there was none."""
    runs = list_runs(work, limit=1)
    return runs[0] if runs else None


def list_runs(work: UnitOfWork, *, limit: int = 30) -> list[RunView]:
    """Examinations of the bound tenant, the latest first."""
    rows = select(PromiseRun).order_by(PromiseRun.at.desc(), PromiseRun.id.desc()).limit(limit)
    return [_view(row) for row in work.session.scalars(rows)]


def forget_examinations(work: UnitOfWork) -> int:
    """Delete the bound tenant's examinations that nobody needs any more. Returns how many."""
    old = PromiseRun.tenant_id == work.tenant_id, PromiseRun.at < work.now - KEPT
    return work.connection.execute(delete(PromiseRun).where(*old)).rowcount


def news_of(work: UnitOfWork, report: Report) -> list[str]:
    """Broken promises that were not broken at the last look, or last told of a week ago."""
    since = work.now - AGAIN
    runs = select(PromiseRun.told, PromiseRun.broken).where(PromiseRun.at > since)
    rows = work.session.execute(runs.order_by(PromiseRun.at.desc())).all()
    told = {key for row in rows for key in row.told}
    before = set(rows[0].broken) if rows else set()
    return [key for key in report.broken if key not in told or key not in before]


def _plain(one: Looked) -> dict[str, Any]:
    return {
        "promise": one.promise,
        "probe": one.probe,
        "scope": one.scope,
        "outcome": one.finding.outcome.value,
        "evidence": dict(one.finding.evidence),
    }


def _view(row: PromiseRun) -> RunView:
    looked = [_looked(found) for found in row.findings if found["promise"] in promises()]
    return RunView(row.id, row.at, row.kept, row.untestable, row.broken, Report(looked))


def _looked(found: Mapping[str, Any]) -> Looked:
    finding = Finding(Outcome(found["outcome"]), found["evidence"])
    return Looked(found["promise"], found["probe"], found["scope"], finding)
