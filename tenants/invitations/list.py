"""Pending invitations: see, send again, revoke."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring
from tenants.desks import Desk
from tenants.invitations.invite import check_may_assign, send_invitation, tenant_name
from tenants.invitations.models import Invitation
from tenants.limits.mails import count_mail
from tenants.links.issue import LASTS, LinkPurpose
from tenants.permissions import Role
from tenants.principals import Principal
from tenants.sealed_fields import INVITATION_EMAIL


@dataclass(frozen=True, slots=True)
class InvitationView:
    """One pending invitation; `expired` ones can be sent again."""

    id: uuid.UUID
    email: str
    role: Role
    created_at: datetime
    expires_at: datetime
    expired: bool

    def __repr__(self) -> str:
        return f"<InvitationView {self.id}>"


def pending_invitations(ring: Keyring, work: UnitOfWork) -> list[InvitationView]:
    """Invitations of `work`'s tenant that nobody has answered, newest first."""
    rows = work.session.scalars(
        select(Invitation).where(Invitation.state == "pending").order_by(Invitation.id.desc())
    )
    return [_view(ring, work, row) for row in rows]


def revoke_invitation(work: UnitOfWork, *, invitation_id: uuid.UUID) -> None:
    """Its link leads nowhere from now on: the tenant's word decides. Raises NotFound."""
    done = work.session.scalar(
        update(Invitation)
        .where(Invitation.id == invitation_id, Invitation.state == "pending")
        .values(state="void", settled_at=work.now)
        .returning(Invitation.id)
    )
    if done is None:
        raise NotFound
    record(work, Event.INVITATION_REVOKED, subject=invitation_id)


def resend_invitation(
    desk: Desk, *, principal: Principal, invitation_id: uuid.UUID, language: str = "en"
) -> None:
    """A new link by a new mail; the older link is void. Raises NotFound, Forbidden."""
    with desk.tenant(principal.tenant_id, principal.actor) as work:
        row = work.session.scalar(
            select(Invitation)
            .where(Invitation.id == invitation_id, Invitation.state == "pending")
            .with_for_update()
        )
        if row is None:
            raise NotFound
        check_may_assign(principal, Role(row.role))
        row.expires_at = work.now + LASTS[LinkPurpose.INVITATION]
        address = INVITATION_EMAIL.open(desk.ring, work, row.id, row.email_sealed)
        name = tenant_name(desk, work)
    count_mail(desk, principal, address)
    send_invitation(
        desk, principal, invitation_id=invitation_id, address=address, name=name, language=language
    )


def _view(ring: Keyring, work: UnitOfWork, row: Invitation) -> InvitationView:
    email = INVITATION_EMAIL.open(ring, work, row.id, row.email_sealed)
    expired = row.expires_at <= work.now
    return InvitationView(row.id, email, Role(row.role), row.created_at, row.expires_at, expired)
