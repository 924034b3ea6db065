"""The register of drills: each is noted before it begins, so that a killed one shows too."""

import uuid
from datetime import datetime
from typing import Final

from sqlalchemy import select, update

from privacy.backups.drill import Drilled
from privacy.backups.models import DrillRow, DrillState
from privacy.core.db.work import UnitOfWork
from privacy.core.ids import new_id
from privacy.ledger.events import Event
from privacy.ledger.record import record

KILLED: Final = "killed"


def begin_drill(work: UnitOfWork) -> uuid.UUID:
    """Note a drill; one that still seems to run was killed. Returns its id."""
    work.session.execute(
        update(DrillRow)
        .where(DrillRow.state == DrillState.RUNNING.value)
        .values(state=DrillState.FAILED.value, failure_code=KILLED, ended_at=work.now)
    )
    row = DrillRow(id=new_id(), state=DrillState.RUNNING.value, began_at=work.now)
    work.session.add(row)
    return row.id


def pass_drill(work: UnitOfWork, drill_id: uuid.UUID, done: Drilled) -> None:
    """Note that everything was found to be right."""
    row = work.session.get_one(DrillRow, drill_id)
    row.state, row.ended_at = DrillState.PASSED.value, row.began_at + done.took
    row.archive_id, row.snapshot_at = done.manifest.archive_id, done.manifest.snapshot_at
    row.row_count, row.values_opened = done.manifest.rows, done.values_opened
    row.erasures = done.erasures
    facts = {"rows": done.manifest.rows, "seconds": int(done.took.total_seconds())}
    record(work, Event.DRILL_PASSED, subject=done.manifest.archive_id, facts=facts)


def fail_drill(work: UnitOfWork, drill_id: uuid.UUID, *, code: str) -> None:
    """Note why it failed."""
    row = work.session.get_one(DrillRow, drill_id)
    row.state, row.failure_code = DrillState.FAILED.value, code
    row.ended_at = work.now
    record(work, Event.DRILL_FAILED, subject=drill_id, facts={"code": code})


def list_drills(work: UnitOfWork, *, limit: int) -> list[DrillRow]:
    """Newest first."""
    query = select(DrillRow).order_by(DrillRow.began_at.desc(), DrillRow.id.desc())
    return list(work.session.scalars(query.limit(limit)))


def last_passed(work: UnitOfWork) -> datetime | None:
    """When a drill last passed."""
    query = select(DrillRow.began_at).where(DrillRow.state == DrillState.PASSED.value)
    return work.session.scalars(query.order_by(DrillRow.began_at.desc()).limit(1)).one_or_none()
