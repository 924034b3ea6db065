"""Change the address that one signs in with (promise F7: a leaked login can be changed)."""

import uuid

from sqlalchemy.exc import IntegrityError

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict, Gone, Unauthenticated
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.kinds import MailKind
from tenants.desks import Desk
from tenants.emails import checked
from tenants.limits.mails import count_mail
from tenants.links.issue import LASTS, LinkPurpose, issue_link, void_links
from tenants.links.use import consume_link, peek_link
from tenants.principals import Principal
from tenants.sealed_fields import USER_EMAIL, USER_NAME
from tenants.users.digests import email_digest
from tenants.users.find import get_user
from tenants.users.models import IDENTITY_VERSION, User
from tenants.users.notify import notify

PATH = "confirm-address"


def request_email_change(desk: Desk, *, principal: Principal, email: str) -> None:
    """Send a link to the new address. Nothing changes before it is used.

    The link is sent whether or not the address has an account: only who reads that mailbox
    learns which. Ask for a proof of identity first.

    Raises:
        Invalid: the address is none.
        TooManyRequests: too many mails to this address, or of this tenant, today.
    """
    if principal.id is None:
        raise Unauthenticated
    address = checked(email)
    count_mail(desk, principal, address)
    with desk.installation(principal.actor) as work:
        user = get_user(work, user_id=principal.id)
        token = issue_link(
            desk.ring, work, purpose=LinkPurpose.EMAIL_CHANGE, user_id=user.id, email=address
        )
        minutes = str(int(LASTS[LinkPurpose.EMAIL_CHANGE].total_seconds() // 60))
        desk.mailer(
            work,
            to=address,
            notice=MailKind.EMAIL_CHANGE,
            language=user.language,
            values={"link": desk.link(PATH, token), "minutes": minutes},
        )


def peek_email_change(desk: Desk, *, token: str) -> str:
    """The new address, changing nothing. Raises Gone."""
    with desk.installation() as work:
        link = peek_link(desk.ring, work, purpose=LinkPurpose.EMAIL_CHANGE, token=token)
    return link.email or ""


def confirm_email_change(desk: Desk, *, token: str) -> uuid.UUID:
    """Use the link up: the new address signs in from now on, and the old one is told.

    Raises:
        Gone: the link was used or is too old. Conflict: the address has an account by now.
    """
    with desk.installation() as work:
        link = consume_link(desk.ring, work, purpose=LinkPurpose.EMAIL_CHANGE, token=token)
        if link.user_id is None or link.email is None:
            raise Gone
        user = get_user(work, user_id=link.user_id, lock=True)
        if user.state != "active":
            raise Gone
        notify(desk, work, user=user, notice=MailKind.EMAIL_CHANGED)
        _replace(desk, work, user, link.email)
        # A reset that waits in the old mailbox must not open the account any more.
        void_links(work, purpose=LinkPurpose.PASSWORD_RESET, user_id=user.id)
        record(work, Event.USER_CHANGED, subject=user.id, facts={"what": "email"})
    return user.id


def _replace(desk: Desk, work: UnitOfWork, user: User, address: str) -> None:
    """Name and address share one version, so both are sealed again."""
    before, ring = user.identity_version, desk.ring
    name = USER_NAME.open(ring, work, user.id, user.name_sealed, version=before)
    IDENTITY_VERSION.witness(work, row_id=user.id, version=before + 1)
    try:
        with work.session.begin_nested():
            user.identity_version = before + 1
            user.email_digest = email_digest(ring, work, address)
            user.email_sealed = USER_EMAIL.seal(ring, work, user.id, address, version=before + 1)
            user.name_sealed = USER_NAME.seal(ring, work, user.id, name, version=before + 1)
    except IntegrityError:
        raise Conflict("This address has an account already.", code="user_exists") from None
