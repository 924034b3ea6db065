"""A person's own usage records, found through their own sessions."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.vault import sealing
from privacy.vault.keyring import Keyring
from tenants.sessions.models import SignInSession
from tenants.sessions.tokens import ABSOLUTE
from tenants.usages.contents import decode
from tenants.usages.days import DATA, SERVICE, meaning_of, usage_id
from tenants.usages.models import SessionUsage


@dataclass(frozen=True, slots=True)
class UsageView:
    """One visit, opened. `host` is None while the look-up waits, empty when there is no name."""

    session_id: uuid.UUID
    at: datetime
    address: str
    host: str | None
    source: str

    def __repr__(self) -> str:
        return "<UsageView>"


def own_usages(ring: Keyring, work: UnitOfWork, *, user_id: uuid.UUID) -> list[UsageView]:
    """Visits of the user's sessions of the last 30 days, ended ones too, newest first."""
    rows = work.session.execute(
        select(SignInSession.id, SignInSession.created_at).where(
            SignInSession.user_id == user_id,
            SignInSession.created_at > work.now - ABSOLUTE,
        )
    )
    by_day: dict[date, list[uuid.UUID]] = defaultdict(list)
    for session_id, created_at in rows:
        by_day[created_at.astimezone(work.now.tzinfo).date()].append(session_id)
    found = [view for day, ids in by_day.items() for view in _of_day(ring, work, day, ids)]
    return sorted(found, key=lambda view: view.at, reverse=True)


def _of_day(
    ring: Keyring, work: UnitOfWork, day: date, sessions: list[uuid.UUID]
) -> list[UsageView]:
    key = ring.find_day_key(work, service=SERVICE, data=DATA, day=day)
    if key is None:
        return []
    owners = {usage_id(key, session_id): session_id for session_id in sessions}
    rows = work.session.scalars(
        select(SessionUsage).where(SessionUsage.day == day, SessionUsage.id.in_(list(owners)))
    )
    views = []
    for row in rows:
        usage = decode(sealing.open(key, meaning_of(work, row.id, row.version), row.sealed))
        views.append(UsageView(owners[row.id], usage.at, usage.address, usage.host, usage.source))
    return views
