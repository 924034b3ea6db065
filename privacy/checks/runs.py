"""That each check was made, when, and what came of it; and which should have been made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import delete, select

from privacy.checks.models import CheckRun
from privacy.core.db.work import UnitOfWork
from privacy.core.ids import new_id
from privacy.ledger.encoding import Fact
from privacy.ledger.events import Event
from privacy.ledger.record import record

KEPT: Final = timedelta(days=400)


class Check(StrEnum):
    """Every scheduled check."""

    CONFIGURATION = "configuration"
    STALE_DATA = "stale_data"
    PROMISES = "promises"
    ADVISORIES_PYTHON = "advisories_python"
    ADVISORIES_DEBIAN = "advisories_debian"


EVERY: Final[Mapping[Check, timedelta]] = {
    Check.CONFIGURATION: timedelta(hours=36),
    Check.STALE_DATA: timedelta(hours=36),
    Check.PROMISES: timedelta(hours=36),
    Check.ADVISORIES_PYTHON: timedelta(days=7),
    Check.ADVISORIES_DEBIAN: timedelta(days=7),
}
"""How old the last run of each may be. The first three run by themselves, advisories are given."""


@dataclass(frozen=True, slots=True)
class CheckView:
    """One run, or that there was none."""

    name: Check
    at: datetime | None
    passed: bool
    facts: Mapping[str, Any]
    late: bool


def record_check(
    work: UnitOfWork, name: Check, *, passed: bool, facts: Mapping[str, int] | None = None
) -> None:
    """Note that a check was made. `facts`: counts."""
    told: dict[str, Fact] = dict(facts or {})
    work.session.add(
        CheckRun(
            tenant_id=work.tenant_id,
            id=new_id(),
            name=name.value,
            at=work.now,
            passed=passed,
            facts=told,
        )
    )
    work.session.flush()
    record(work, Event.CHECK_MADE, subject=name.value, facts={"passed": passed, **told})


def last_runs(work: UnitOfWork) -> list[CheckView]:
    """Each check with its last run; one that never ran is late once others have run."""
    found = {}
    for name in Check:
        mine = select(CheckRun).where(CheckRun.name == name.value)
        row = work.session.scalar(mine.order_by(CheckRun.at.desc()).limit(1))
        if row is not None:
            found[name.value] = row
    return [_view(work, name, found.get(name.value)) for name in Check]


def forget_checks(work: UnitOfWork) -> int:
    """Delete the bound tenant's runs that nobody needs any more. Returns how many."""
    old = CheckRun.tenant_id == work.tenant_id, CheckRun.at < work.now - KEPT
    return work.connection.execute(delete(CheckRun).where(*old)).rowcount


def _view(work: UnitOfWork, name: Check, row: CheckRun | None) -> CheckView:
    if row is None:
        return CheckView(name, None, False, {}, late=True)
    late = row.at < work.now - EVERY[name]
    return CheckView(name, row.at, row.passed, row.facts, late)
