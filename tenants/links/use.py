"""Look at a link, and use it up."""

import uuid
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Gone
from privacy.vault.keyring import Keyring
from tenants.links.issue import LASTS, LinkPurpose, digest_of
from tenants.links.models import SingleUseLink
from tenants.sealed_fields import LINK_EMAIL


@dataclass(frozen=True, slots=True)
class LinkView:
    """What a living link is about."""

    id: uuid.UUID
    user_id: uuid.UUID | None
    member_tenant_id: uuid.UUID | None
    invitation_id: uuid.UUID | None
    email: str | None

    def __repr__(self) -> str:
        return f"<LinkView {self.id}>"


def peek_link(ring: Keyring, work: UnitOfWork, *, purpose: LinkPurpose, token: str) -> LinkView:
    """What the link is about, changing nothing: mail scanners open links, people post forms.

    Raises:
        Gone: it never was, was used, or is too old; which of these is not said.
    """
    row = work.session.scalar(
        select(SingleUseLink).where(
            SingleUseLink.digest == digest_of(token),
            SingleUseLink.purpose == purpose.value,
            SingleUseLink.used_at.is_(None),
            SingleUseLink.expires_at > work.now,
        )
    )
    if row is None:
        raise _gone()
    return _view(ring, work, row)


def consume_link(ring: Keyring, work: UnitOfWork, *, purpose: LinkPurpose, token: str) -> LinkView:
    """Use the link up: one conditional update, so of two parallel posts one wins. Raises Gone."""
    row = work.session.scalar(
        update(SingleUseLink)
        .where(
            SingleUseLink.digest == digest_of(token),
            SingleUseLink.purpose == purpose.value,
            SingleUseLink.used_at.is_(None),
            SingleUseLink.expires_at > work.now,
        )
        .values(used_at=work.now)
        .returning(SingleUseLink)
    )
    if row is None:
        raise _gone()
    return _view(ring, work, row)


def sweep_links(work: UnitOfWork) -> int:
    """Delete links a while after they have ended. Returns how many."""
    gone = work.connection.execute(
        delete(SingleUseLink).where(
            SingleUseLink.tenant_id == work.tenant_id,
            SingleUseLink.expires_at < work.now - LASTS[LinkPurpose.INVITATION],
        )
    )
    return gone.rowcount


def _view(ring: Keyring, work: UnitOfWork, row: SingleUseLink) -> LinkView:
    email = None
    if row.email_sealed is not None:
        email = LINK_EMAIL.open(ring, work, row.id, row.email_sealed)
    return LinkView(row.id, row.user_id, row.member_tenant_id, row.invitation_id, email)


def _gone() -> Gone:
    return Gone(
        "This link has been used or is too old. Ask for a new one.", code="link_used_or_expired"
    )
