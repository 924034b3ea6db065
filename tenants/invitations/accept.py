"""Accept an invitation."""

import uuid
from dataclasses import dataclass

from privacy.core.db.work import Actor, ActorKind, UnitOfWork
from privacy.core.errors import Gone
from privacy.ledger.events import Event
from privacy.ledger.record import record
from tenants.desks import Desk
from tenants.invitations.invite import tenant_name
from tenants.invitations.models import Invitation
from tenants.invitations.settle import settle_invitation
from tenants.links.issue import LinkPurpose
from tenants.links.use import LinkView, consume_link, peek_link
from tenants.memberships.grant import note_membership
from tenants.passwords.rules import check_password
from tenants.permissions import Role
from tenants.users.create import create_user
from tenants.users.find import find_by_email


@dataclass(frozen=True, slots=True)
class Offer:
    """What the page behind the link shows. `is_new`: name and password are asked for."""

    email: str
    tenant: str
    role: Role
    is_new: bool

    def __repr__(self) -> str:
        return "<Offer>"


def peek_invitation(desk: Desk, *, token: str) -> Offer:
    """What is offered, changing nothing. Raises Gone: used, too old, or revoked."""
    link, is_new = _peek(desk, token)
    with desk.tenant(_tenant_of(link)) as work:
        row = work.session.get(Invitation, (work.tenant_id, link.invitation_id))
        if row is None or row.state != "pending":
            raise _revoked()
        return Offer(link.email or "", tenant_name(desk, work), Role(row.role), is_new)


def accept_invitation(
    desk: Desk,
    *,
    token: str,
    name: str = "",
    password: str | None = None,
    language: str = "en",
) -> uuid.UUID:
    """Use the link up, make the account if there is none, and the membership.

    The link proves the mailbox, not the person: nobody is signed in by it, and who has an
    account keeps the password and second factor that it has. First the installation writes link,
    account and hint in one transaction, then the tenant the membership; a crash in between is
    mended at the next sign-in.

    Returns:
        The user's id.

    Raises:
        Gone: used, too old, or revoked. Invalid: the password is too weak.
    """
    peek_invitation(desk, token=token)
    link, is_new = _peek(desk, token)
    encoded = None
    if is_new:
        check_password(password or "", email=link.email or "", name=name)
        encoded = desk.hashing.hash(password or "")
    with desk.installation() as work:
        used = consume_link(desk.ring, work, purpose=LinkPurpose.INVITATION, token=token)
        user_id = _user_for(desk, work, used, name, encoded, language)
        invitation_id, tenant_id = used.invitation_id, _tenant_of(used)
        note_membership(work, user_id=user_id, tenant_id=tenant_id, invitation_id=invitation_id)
        record(work, Event.USER_CHANGED, subject=user_id, facts={"what": "invitation_used"})
    with desk.tenant(tenant_id, Actor(ActorKind.USER, user_id)) as work:
        if invitation_id is not None:
            settle_invitation(work, invitation_id=invitation_id, user_id=user_id)
    return user_id


def _peek(desk: Desk, token: str) -> tuple[LinkView, bool]:
    with desk.installation() as work:
        link = peek_link(desk.ring, work, purpose=LinkPurpose.INVITATION, token=token)
        user = find_by_email(desk.ring, work, email=link.email or "")
        return link, user is None


def _user_for(
    desk: Desk,
    work: UnitOfWork,
    link: LinkView,
    name: str,
    encoded: str | None,
    language: str,
) -> uuid.UUID:
    email = link.email or ""
    user = find_by_email(desk.ring, work, email=email)
    if user is not None:
        return user.id
    return create_user(
        desk.ring,
        work,
        email=email,
        name=name or email.partition("@")[0],
        encoded_password=encoded,
        language=language,
    )


def _tenant_of(link: LinkView) -> uuid.UUID:
    if link.member_tenant_id is None:
        raise _revoked()
    return link.member_tenant_id


def _revoked() -> Gone:
    return Gone(
        "This link has been used or is too old. Ask for a new one.", code="link_used_or_expired"
    )
