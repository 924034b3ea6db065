"""Usage of a month, for billing: counts that identify nobody, from tallies that are kept anyway."""

import uuid
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from connector.accounts.beginnings import unknown_key
from connector.accounts.kinds import KINDS
from connector.accounts.models import ConnectorAccount
from connector.accounts.states import AccountState
from connector.calls.keeping import SERVICE
from connector.calls.tallies import calls_per_day
from connector.marketplace.orders import tenant_of
from connector.marketplace.subscriptions import find_subscription
from privacy.core.db.work import UnitOfWork
from tenants.desks import Desk
from tenants.memberships.models import Membership
from tenants.principals import Principal

_BEFORE_OR_PAUSED = (AccountState.DRAFT, AccountState.TESTING, AccountState.DISABLED)
_ASKED = [kind for kind, facts in KINDS.items() if facts.pulled]


@dataclass(frozen=True, slots=True)
class Usage:
    """What a subscription used in a month. `seats` are the people of the whole tenant."""

    month: date
    calls: int
    seconds: int
    accounts: int
    seats: int


def usage_of(desk: Desk, *, principal: Principal, subscription_id: uuid.UUID, month: date) -> Usage:
    """Usage of the UTC month that `month` lies in. Raises NotFound."""
    tenant_id = tenant_of(desk, actor=principal.actor, subscription_id=subscription_id)
    first = month.replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    with desk.tenant(tenant_id, principal.actor) as work:
        service = find_subscription(work, subscription_id).service
        calls, seconds = _calls(work, first, last) if service == SERVICE else (0, 0)
        return Usage(
            first, calls, seconds, _accounts(work, service, first, last), _seats(work, last)
        )


def _calls(work: UnitOfWork, first: date, last: date) -> tuple[int, int]:
    rows = calls_per_day(work, since=first, until=last)
    return sum(row[3] for row in rows), sum(row[4] for row in rows)


def _accounts(work: UnitOfWork, service: str, first: date, last: date) -> int:
    """Accounts of the service that there were in the month, without those never connected."""
    account = ConnectorAccount
    query = select(func.count()).where(
        account.service == service,
        _was_connected(),
        account.created_at < _end(last),
        or_(account.deleted_at.is_(None), account.deleted_at >= _start(first)),
    )
    return work.session.scalar(query) or 0


def _was_connected() -> ColumnElement[bool]:
    """A draft that was paused and goes on waits for a first call, and costs nothing either."""
    account = ConnectorAccount
    return or_(
        account.state.not_in(_BEFORE_OR_PAUSED),
        account.last_received_at.is_not(None),
        and_(account.kind.in_(_ASKED), account.external_key.not_like(unknown_key("%"))),
    )


def _seats(work: UnitOfWork, last: date) -> int:
    """Members now who were members by the end of the month."""
    query = select(func.count()).where(Membership.created_at < _end(last))
    return work.session.scalar(query.select_from(Membership)) or 0


def _start(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC)


def _end(day: date) -> datetime:
    return _start(day) + timedelta(days=1)
