"""Invite somebody into a tenant."""

import uuid

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict, Forbidden
from privacy.core.ids import new_id
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.kinds import MailKind
from tenants.desks import Desk
from tenants.emails import checked
from tenants.invitations.models import Invitation
from tenants.limits.mails import count_mail
from tenants.links.issue import LASTS, LinkPurpose, issue_link
from tenants.memberships.standing import is_member
from tenants.permissions import ASSIGNABLE, Role
from tenants.principals import Principal
from tenants.sealed_fields import INVITATION_EMAIL, TENANT_NAME
from tenants.tenants.models import Tenant
from tenants.users.digests import email_digest
from tenants.users.find import find_by_email

PATH = "invitation"


def invite(
    desk: Desk, *, principal: Principal, email: str, role: Role, language: str = "en"
) -> uuid.UUID:
    """Offer `role` in the principal's tenant; an older pending offer to this address is void.

    First the tenant writes the invitation, then the installation the link and the mail. After a
    crash in between, the invitation is in the list without a mail, and can be sent again.

    Raises:
        Forbidden: the principal cannot give this role.
        Conflict: the person is a member already. Invalid: the address is none.
        TooManyRequests: too many mails of this tenant, or to this address, today.
    """
    check_may_assign(principal, role)
    address = checked(email)
    _refuse_member(desk, principal, address)
    count_mail(desk, principal, address)
    with desk.tenant(principal.tenant_id, principal.actor) as work:
        invitation_id = write_invitation(desk, work, address=address, role=role)
        name = tenant_name(desk, work)
    send_invitation(
        desk, principal, invitation_id=invitation_id, address=address, name=name, language=language
    )
    return invitation_id


def check_may_assign(principal: Principal, role: Role) -> None:
    """Raises Forbidden unless the principal's role may give `role`."""
    if role not in ASSIGNABLE.get(Role(principal.role or Role.AGENT), frozenset()):
        raise Forbidden("You cannot give this role.", code="role_too_low")


def write_invitation(desk: Desk, work: UnitOfWork, *, address: str, role: Role) -> uuid.UUID:
    """In the tenant: the pending invitation, in place of an older one. Raises Conflict."""
    digest, invitation_id = email_digest(desk.ring, work, address), new_id()
    work.session.execute(
        update(Invitation)
        .where(Invitation.email_digest == digest, Invitation.state == "pending")
        .values(state="void", settled_at=work.now)
    )
    row = Invitation(
        tenant_id=work.tenant_id,
        id=invitation_id,
        email_digest=digest,
        email_sealed=INVITATION_EMAIL.seal(desk.ring, work, invitation_id, address),
        role=role.value,
        state="pending",
        invited_by=work.actor.id,
        created_at=work.now,
        expires_at=work.now + LASTS[LinkPurpose.INVITATION],
    )
    _insert(work, row)
    record(work, Event.USER_INVITED, subject=invitation_id, facts={"role": role.value})
    return invitation_id


def _insert(work: UnitOfWork, row: Invitation) -> None:
    """One invitation of an address is pending at a time; somebody else's may just have won."""
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError:
        raise Conflict("This person is being invited already.", code="already_invited") from None


def send_invitation(
    desk: Desk,
    principal: Principal,
    *,
    invitation_id: uuid.UUID,
    address: str,
    name: str,
    language: str,
) -> str:
    """In the installation: the link, and the mail that carries it. Returns the link."""
    with desk.installation(principal.actor) as work:
        token = issue_link(
            desk.ring,
            work,
            purpose=LinkPurpose.INVITATION,
            member_tenant_id=principal.tenant_id,
            invitation_id=invitation_id,
            email=address,
        )
        link = desk.link(PATH, token)
        days = str(LASTS[LinkPurpose.INVITATION].days)
        desk.mailer(
            work,
            to=address,
            notice=MailKind.INVITATION,
            language=language,
            values={"tenant": name, "link": link, "days": days},
        )
    return link


def tenant_name(desk: Desk, work: UnitOfWork) -> str:
    """The opened name of `work`'s tenant; empty when it has no row."""
    row = work.session.get(Tenant, work.tenant_id)
    if row is None:
        return ""
    return TENANT_NAME.open(
        desk.ring, work, work.tenant_id, row.name_sealed, version=row.name_version
    )


def _refuse_member(desk: Desk, principal: Principal, address: str) -> None:
    """Told of members of this tenant only: whether a stranger has an account is not said."""
    with desk.installation(principal.actor) as work:
        user = find_by_email(desk.ring, work, email=address)
    if user is None:
        return
    with desk.tenant(principal.tenant_id, principal.actor) as work:
        if is_member(work, user_id=user.id):
            raise Conflict("This person is a member already.", code="already_member")
