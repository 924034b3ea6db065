"""Probes of what is watched: advisories, configuration, the checks themselves."""

from datetime import datetime
from typing import Final

from sqlalchemy import text

from privacy.checks.advisories import OWNED_WITHIN
from privacy.checks.runs import EVERY, Check, last_runs
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import UnitOfWork
from privacy.core.outbox.jobs import just_asked
from privacy.core.outbox.names import JobName
from privacy.promises.outcomes import Finding, judge, untestable
from privacy.promises.probes import InstallationProbe, Premises, Probe, counting

_ADVISORIES = """
SELECT count(*) AS seen, count(*) FILTER (WHERE outcome = 'open'
    AND (due_on < :today OR (owner_id IS NULL AND first_seen_at < :unowned_since))
    OR (outcome NOT IN ('open', 'gone') AND (owner_id IS NULL OR coalesce(reasons, '') = '')))
    AS wrong, min(due_on) FILTER (WHERE outcome = 'open') AS oldest_due
FROM advisories WHERE tenant_id = :tenant
"""
_DRIFTS = text(
    "SELECT at, passed, facts ->> 'drifts' AS drifts FROM check_runs WHERE tenant_id = :tenant "
    "AND name = 'configuration' ORDER BY at DESC LIMIT 1"
)
_NIGHTLY: Final = (Check.CONFIGURATION, Check.STALE_DATA)
"""What runs by itself each night."""
_ADVISED: Final = (Check.ADVISORIES_PYTHON, Check.ADVISORIES_DEBIAN)


def advice_is_fresh(premises: Premises) -> Finding:
    """Reports of advisories that were given, and how old the last of each kind is."""
    with premises.work_of(INSTALLATION_ID) as work:
        given = [one for one in last_runs(work) if one.name in _ADVISED and one.at is not None]
    if not given:
        return untestable("no report was imported yet")
    oldest = min(one.at.date() for one in given if one.at is not None)
    return judge(seen=len(given), wrong=sum(one.late for one in given), oldest_report=oldest)


def configuration_is_accepted(premises: Premises) -> Finding:
    """What the last comparison with the baseline found, and when it was made."""
    with premises.work_of(INSTALLATION_ID) as work:
        row = work.connection.execute(_DRIFTS, {"tenant": INSTALLATION_ID}).one_or_none()
        if row is None:
            return untestable("not compared yet")
        late = work.now - row.at > EVERY[Check.CONFIGURATION] and not _in_line(work)
    drifts = int(row.drifts or 0)
    return judge(seen=1, wrong=drifts + late, newest_comparison=row.at.date(), drifts=drifts)


def checks_are_made(premises: Premises) -> Finding:
    """The nightly checks: each within its time, once the first of them has run."""
    with premises.work_of(INSTALLATION_ID) as work:
        runs = [one for one in last_runs(work) if one.name in _NIGHTLY]
        in_line = _in_line(work)
    made = [one.at for one in runs if one.at is not None]
    if not made:
        return untestable("no night has passed yet")
    late = 0 if in_line else sum(one.late for one in runs)
    return judge(seen=len(runs), wrong=late, oldest_check=min(made).date())


def _in_line(work: UnitOfWork) -> bool:
    """Missed while everything stood still, and being made up for."""
    return just_asked(work, JobName.CHECKS_RUN)


def _unowned_since(work: UnitOfWork, _: Premises) -> dict[str, datetime]:
    return {"unowned_since": work.now - OWNED_WITHIN}


PROBES: Final[tuple[Probe, ...]] = (
    InstallationProbe("F8", "advice_is_fresh", advice_is_fresh),
    counting("F8", "advisories_are_settled", text(_ADVISORIES), given=_unowned_since),
    InstallationProbe("F11", "configuration_is_accepted", configuration_is_accepted),
    InstallationProbe("F12", "checks_are_made", checks_are_made),
)
