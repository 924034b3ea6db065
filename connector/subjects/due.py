"""Tell of requests whose time limit comes near, or is over: endpoints, and administrators."""

import uuid
from collections import Counter
from datetime import timedelta
from typing import Final

from sqlalchemy import or_, select

from connector.events_out.emit import emit
from connector.events_out.facts import Fact
from connector.events_out.kinds import EventKind
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import Actor, UnitOfWork
from privacy.mails.kinds import MailKind
from privacy.subjects.clocks import count_near, overdue, running
from privacy.subjects.models import SubjectRequest
from tenants.desks import Desk
from tenants.memberships.notify_admins import notify_admins, notify_operators
from tenants.tenants.views import view_tenant

AHEAD: Final = timedelta(days=7)


def tell_due(work: UnitOfWork) -> int:
    """Once a week before a limit ends, and once after it. Returns how many were told of."""
    near = select(SubjectRequest).where(
        running(),
        SubjectRequest.due_on <= work.today + AHEAD,
        or_(
            SubjectRequest.told_on.is_(None),
            (SubjectRequest.told_on <= SubjectRequest.due_on)
            & (SubjectRequest.due_on < work.today),
        ),
    )
    rows = list(work.session.scalars(near.with_for_update(skip_locked=True)))
    for row in rows:
        row.told_on = work.today
        facts: dict[str, Fact] = {
            "request_id": row.id,
            "kind": row.kind,
            "due_on": row.due_on,
            "overdue": row.due_on < work.today,
        }
        emit(work, EventKind.SUBJECT_REQUEST_DUE, facts)
    return len(rows)


def remind_of_requests(
    desk: Desk, *, actor: Actor, tenant_id: uuid.UUID, link: str
) -> Counter[str]:
    """Mail a tenant's administrators (the installation's: operators) each request that has newly
    become overdue, then tell its endpoints. Mails first: killed in between, the next run tells
    again rather than never.

    Args:
        link: of the console's page of requests.

    Returns:
        How many are `due` within a week, and how many `overdue`.
    """
    with desk.tenant(tenant_id, actor) as work:
        new = [(row.reference, row.due_on) for row in overdue(work) if _is_new(row)]
        house = tenant_id == INSTALLATION_ID
        name = "the installation" if house else view_tenant(desk.ring, work).name if new else ""
    notice = MailKind.REQUEST_OVERDUE
    for reference, due in new:
        values = {"tenant": name, "reference": reference, "due": due.isoformat(), "link": link}
        if house:
            notify_operators(desk, actor=actor, notice=notice, values=values)
        else:
            notify_admins(desk, tenant_id=tenant_id, actor=actor, notice=notice, values=values)
    with desk.tenant(tenant_id, actor) as work:
        tell_due(work)
        late = len(overdue(work))
        return Counter({"due": count_near(work, AHEAD) - late, "overdue": late})


def _is_new(row: SubjectRequest) -> bool:
    return row.told_on is None or row.told_on <= row.due_on
