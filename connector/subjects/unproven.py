"""Requests whose identity is never proven end, the tenants' and those to all of them."""

import uuid

from connector.subjects.bundles import front_clerk
from connector.subjects.registry import clerk_of
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import Actor, UnitOfWork
from privacy.core.watch import ClockLeapt, check_clock
from privacy.subjects.clerks import Clerk
from privacy.subjects.lapse import count_unproven, end_unproven
from privacy.subjects.models import SubjectRequest
from tenants.desks import Desk


def end_unproven_requests(
    desk: Desk, *, actor: Actor, tenant_id: uuid.UUID, sending: bool
) -> dict[str, int]:
    """Of one tenant, or of the installation; none by a clock that leapt, for what was written to
    people is not taken back. Returns how many wait, and how many ended so."""
    with desk.tenant(tenant_id, actor) as work:
        if _clock_stands(work):
            end_unproven(work, lambda row: _clerk(desk, work, row, sending), mailing=sending)
        return count_unproven(work)


def _clock_stands(work: UnitOfWork) -> bool:
    try:
        check_clock(work.connection)
    except ClockLeapt:
        return False
    return True


def _clerk(desk: Desk, work: UnitOfWork, row: SubjectRequest, sending: bool) -> Clerk:
    if work.tenant_id != INSTALLATION_ID:
        return clerk_of(work, desk.ring, sending=sending)
    service = None if row.every_service else row.service
    return front_clerk(work, desk.ring, service=service, sending=sending, names={})
