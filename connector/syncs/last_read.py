"""When each system that is asked was last read to the end of any of its streams."""

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from connector.syncs.models import AccountStream
from privacy.core.db.work import UnitOfWork


def last_reads(work: UnitOfWork, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """By account, of these; one that was never read is left out."""
    newest = func.max(AccountStream.last_success_at)
    statement = (
        select(AccountStream.account_id, newest)
        .where(AccountStream.account_id.in_(list(ids)))
        .group_by(AccountStream.account_id)
    )
    return {one: at for one, at in work.session.execute(statement) if at is not None}
