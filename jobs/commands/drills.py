"""`silta drill`: restore the newest archive into a scratch database, to see that it can be done."""

import time
import uuid
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import click
from sqlalchemy import Engine

from connector.subjects.replays import replay
from jobs.commands.backups import Shown
from jobs.commands.output import answer, as_json
from jobs.installation import Installation, open_installation
from jobs.policy import code_of
from migrations.run import known_revisions
from privacy.backups.alerts import Alert, forget_alerts
from privacy.backups.depots import Depot
from privacy.backups.drill import Drilled, Drilling, run_drill
from privacy.backups.drills import begin_drill, fail_drill, last_passed, pass_drill
from privacy.backups.seals import read_identities
from privacy.core import clock
from privacy.core.db.work import SYSTEM, UnitOfWork, unit_of_work
from privacy.core.errors import Misconfigured, SiltaError
from privacy.core.logs import get_log
from privacy.ledger.journal_marks import Marks
from privacy.vault.custody import Custody
from privacy.vault.keyring import Keyring

_log = get_log("drill")
_LOOK_EVERY: Final = 600.0
"""Seconds between two looks whether a drill is due."""


@click.command()
@click.option("--watch", is_flag=True, help="Stay, and drill whenever one is due.")
@click.option("--if-due", is_flag=True, help="Do nothing when one passed lately.")
@as_json
def drill(watch: bool, if_due: bool, as_json: bool) -> None:
    """Restore the newest archive into a scratch database, check everything, drop it.

    Run it as a user, or on a host, of its own: it holds a key that opens archives.
    """
    installation = open_installation()
    while True:
        if not (watch or if_due) or is_due(installation):
            try:
                _once(installation, as_json=as_json)
            except SiltaError as error:
                if not watch:
                    raise
                _log.error("drill failed", code=error.code)
        elif not watch:
            answer({"due": False}, "No drill is due.", as_json=as_json)
        if not watch:
            return
        time.sleep(_LOOK_EVERY)


def is_due(installation: Installation) -> bool:
    """Whether the last one that passed is too long ago."""
    with installation.desk.installation(SYSTEM) as work:
        passed, now = last_passed(work), work.now
    return passed is None or now - passed >= timedelta(days=installation.settings.drill_days)


def drilling_of(installation: Installation) -> Drilling:
    """What a drill is given. Raises Misconfigured, KeyMissing."""
    settings = installation.settings
    if settings.drill_database_url is None:
        raise Misconfigured("SILTA_DRILL_DATABASE_URL is not set: where is the scratch database?")
    return Drilling(
        server=settings.drill_database_url,
        depot=Depot.of(settings, installation.identity),
        custody=installation.custody,
        roots=installation.roots,
        identities=read_identities(settings.drill_identity_file),
        anchors=installation.anchors,
        revisions=known_revisions(),
        replay=partial(erase_again, marks=installation.anchors.marked()),
    )


def run_noted(installation: Installation, given: Drilling, *, show: Shown) -> Drilled:
    """Drill, and note how it went whatever happens. Raises what the drill raises."""
    with installation.desk.installation(SYSTEM) as work:
        drill_id = begin_drill(work)
    try:
        done = run_drill(given, on_step=show)
    except Exception as error:
        with installation.desk.installation(SYSTEM) as work:
            fail_drill(work, drill_id, code=code_of(error))
        raise
    with installation.desk.installation(SYSTEM) as work:
        pass_drill(work, drill_id, done)
        forget_alerts(work, Alert.DRILL_OVERDUE, Alert.DRILL_FAILED)
    return done


def _once(installation: Installation, *, as_json: bool) -> None:
    given = drilling_of(installation)
    done = run_noted(installation, given, show=Shown(silent=as_json))
    document = {
        "archive_id": done.manifest.archive_id,
        "snapshot_at": done.manifest.snapshot_at,
        "seconds": round(done.took.total_seconds(), 1),
        "rows": done.manifest.rows,
        "links": done.links,
        "erased": done.erasures,
        "values_opened": done.values_opened,
        "at": clock.now(),
    }
    line = (
        f"Archive {done.manifest.archive_id} can be restored: {done.manifest.rows} rows in "
        f"{done.took.total_seconds():.1f} s."
    )
    answer(document, line, as_json=as_json)


def erase_again(engine: Engine, custody: Custody, since: datetime, *, marks: Marks) -> int:
    """Replay the journal of erasures in the database behind `engine`. How many rows it met."""

    def open_work(tenant_id: uuid.UUID) -> AbstractContextManager[UnitOfWork]:
        return unit_of_work(engine, tenant_id=tenant_id, actor=SYSTEM)

    return replay(open_work, Keyring(engine, custody), custody, since=since, marks=marks).rows
