"""Mails as the operator sees them: what became of each, nothing of what it says."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.mails.kinds import MailState
from privacy.mails.models import Mail

LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class ListedMail:
    """A mail's envelope."""

    id: uuid.UUID
    kind: str
    state: str
    attempts: int
    failure_code: str | None
    created_at: datetime
    sent_at: datetime | None
    expires_at: datetime


def list_mails(
    work: UnitOfWork,
    *,
    states: Collection[MailState] = tuple(MailState),
    cursor: uuid.UUID | None = None,
    limit: int = 50,
) -> list[ListedMail]:
    """Mails of `work`'s tenant that are not past their time, newest first, before `cursor`."""
    statement = _SELECT.where(
        Mail.tenant_id == work.tenant_id,
        Mail.state.in_([state.value for state in states]),
        Mail.expires_at > work.now,
    )
    if cursor is not None:
        statement = statement.where(Mail.id < cursor)
    page = statement.order_by(Mail.id.desc()).limit(max(1, min(limit, LARGEST_PAGE)))
    return [ListedMail(*row) for row in work.session.execute(page)]


def list_kept(
    work: UnitOfWork, *, cursor: uuid.UUID | None = None, limit: int = LARGEST_PAGE
) -> list[ListedMail]:
    """Mails that nobody sent because no mail server is configured."""
    return list_mails(work, states=(MailState.KEPT,), cursor=cursor, limit=limit)


_SELECT = select(
    Mail.id,
    Mail.kind,
    Mail.state,
    Mail.attempts,
    Mail.failure_code,
    Mail.created_at,
    Mail.sent_at,
    Mail.expires_at,
)
