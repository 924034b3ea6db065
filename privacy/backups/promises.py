"""Whether archives keep what is promised: made daily, restorable, gone in time, without keys, and
where the profiles say (F4, B1 in every backup, E4)."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select, text

from privacy.backups.alerts import SLACK, archive_is_late
from privacy.backups.drills import last_passed, list_drills
from privacy.backups.errors import StoreAbroad
from privacy.backups.models import ArchiveRow, ArchiveState, DrillState
from privacy.backups.regions import check_region
from privacy.backups.register import list_archives, newest_whole
from privacy.backups.tallies import NEVER_ARCHIVED
from privacy.backups.wal.checks import in_region
from privacy.backups.wal.defects import Defect
from privacy.backups.wal.look import look_at_log
from privacy.core.errors import SiltaError
from privacy.promises.outcomes import Finding, Outcome, judge, untestable
from privacy.promises.probes import InstallationProbe, Premises, Probe
from privacy.vault.restores import check_escrow

_NO_STORE: Final = "no store for archives is set"
_POLICIES = text(
    "SELECT count(*) AS seen, count(*) FILTER (WHERE tablename = ANY (:kept_out)) AS wrong "
    "FROM pg_policies WHERE policyname = 'silta_backup'"
)


def archive_is_young(premises: Premises) -> Finding:
    """The newest whole archive, and whether it is from the last day."""
    if premises.settings.backup_store is None:
        return _unset(premises)
    with premises.work_of(premises.tenants[0]) as work:
        newest = newest_whole(work)
        if newest is None or newest.snapshot_at is None:
            return untestable("no archive was made yet")
        late = archive_is_late(work, premises.settings, list_archives(work, limit=5))
    return judge(seen=1, wrong=int(late), newest_archive=newest.snapshot_at.date())


def archives_end_in_time(premises: Premises) -> Finding:
    """Archives that are still there though their time is over."""
    with premises.work_of(premises.tenants[0]) as work:
        whole = select(ArchiveRow).where(ArchiveRow.state == ArchiveState.WHOLE.value)
        rows = list(work.session.scalars(whole.order_by(ArchiveRow.snapshot_at.desc())))
        over = [row for row in rows[1:] if row.keep_until and work.now - row.keep_until > SLACK]
    return judge(seen=len(rows), wrong=len(over))


def drill_passed(premises: Premises) -> Finding:
    """The last drill: whether it passed, and when one last did."""
    with premises.work_of(premises.tenants[0]) as work:
        rows = [r for r in list_drills(work, limit=5) if r.state != DrillState.RUNNING.value]
        passed = last_passed(work)
        allowed = timedelta(days=premises.settings.drill_days) + SLACK
        late = passed is None or work.now - passed > allowed
    if not rows:
        return untestable("no drill was run yet")
    wrong = late or rows[0].state == DrillState.FAILED.value
    return judge(seen=len(rows), wrong=int(wrong), newest_drill=passed.date() if passed else None)


def log_is_archived(premises: Premises) -> Finding:
    """Where an operator archives the log: whether it is, can be restored from, and ends in time."""
    if premises.settings.wal_store is None:
        return untestable("no repository for the log is set")
    services = _services(premises)
    with premises.work_of(premises.tenants[0]) as work:
        found = look_at_log(work.connection, premises.settings, services=services)
    wrong = set(found.defects) - {Defect.ABROAD, Defect.FAILING}
    return judge(seen=1, wrong=len(wrong), seconds_behind=round(found.archiver.lag.total_seconds()))


def escrow_gives_the_ring(premises: Premises) -> Finding:
    """Whether every key could be had back from escrow."""
    try:
        keys = check_escrow(premises.custody)
    except (SiltaError, OSError):
        return judge(seen=1, wrong=1)
    return judge(seen=keys, wrong=0)


def archives_hold_no_key(premises: Premises) -> Finding:
    """Whether the role of archives can see a key: what opens nothing today must open nothing in
    an archive either, when its day has ended."""
    with premises.engines.app.connect() as connection:
        row = connection.execute(_POLICIES, {"kept_out": list(NEVER_ARCHIVED)}).one()
    return judge(seen=row.seen, wrong=row.wrong)


def archives_stay(premises: Premises) -> Finding:
    """Whether the store is in a country that every profile in use allows."""
    settings = premises.settings
    if settings.backup_store is None:
        return untestable(_NO_STORE)
    services = _services(premises)
    try:
        check_region(settings, services=services)
        if settings.wal_store is not None:
            in_region(settings, services=services)
    except StoreAbroad:
        return judge(seen=len(services), wrong=1)
    return judge(seen=len(services), wrong=0)


def _services(premises: Premises) -> set[str]:
    services: set[str] = set()
    for tenant in premises.tenants:
        with premises.work_of(tenant) as work:
            services.update(premises.services_of(work))
    return services


def _unset(premises: Premises) -> Finding:
    if premises.settings.development:
        return untestable(_NO_STORE)
    return Finding(Outcome.BROKEN, {"because": _NO_STORE})


PROBES: tuple[Probe, ...] = (
    InstallationProbe("F4", "archive_is_young", archive_is_young),
    InstallationProbe("F4", "archives_end_in_time", archives_end_in_time),
    InstallationProbe("F4", "drill_passed", drill_passed),
    InstallationProbe("F4", "log_is_archived", log_is_archived),
    InstallationProbe("F4", "escrow_gives_the_ring", escrow_gives_the_ring),
    InstallationProbe("B1", "archives_hold_no_key", archives_hold_no_key),
    InstallationProbe("E4", "archives_stay", archives_stay),
)
