"""Turn an invitation that was accepted into a membership."""

import uuid

from sqlalchemy import update

from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record
from tenants.invitations.models import Invitation
from tenants.memberships.grant import grant_membership
from tenants.permissions import Role


def settle_invitation(work: UnitOfWork, *, invitation_id: uuid.UUID, user_id: uuid.UUID) -> bool:
    """In the tenant: pending becomes accepted, once, and the membership is made with it.

    Called right after the link was used, and again at sign-in in case that was interrupted. An
    invitation that was revoked in between stays revoked; a member who was removed since does
    not come back, for an accepted invitation is not accepted again.
    """
    role = work.session.scalar(
        update(Invitation)
        .where(Invitation.id == invitation_id, Invitation.state == "pending")
        .values(state="accepted", settled_at=work.now)
        .returning(Invitation.role)
    )
    if role is None:
        return False
    record(work, Event.INVITATION_ACCEPTED, subject=invitation_id, facts={"user": str(user_id)})
    grant_membership(work, user_id=user_id, role=Role(role))
    return True
