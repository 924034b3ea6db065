"""The history of runs is kept for a season, then it goes."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete

from connector.syncs.models import SyncRun
from privacy.core.db.work import UnitOfWork

KEPT: Final = timedelta(days=90)


def forget_runs(work: UnitOfWork) -> int:
    """Delete the bound tenant's runs that began longer ago. Returns how many."""
    gone = work.session.execute(delete(SyncRun).where(SyncRun.started_at < work.now - KEPT))
    return int(getattr(gone, "rowcount", 0))
