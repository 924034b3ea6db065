"""Make a link that works once."""

import hashlib
import secrets
import uuid
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import update

from privacy.core.db.work import UnitOfWork
from privacy.core.ids import new_id
from privacy.vault.keyring import Keyring
from tenants.links.models import SingleUseLink
from tenants.sealed_fields import LINK_EMAIL


class LinkPurpose(StrEnum):
    """What a link does. One of a purpose does nothing for another."""

    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105 — the name of a purpose
    EMAIL_CHANGE = "email_change"


LASTS = {
    LinkPurpose.INVITATION: timedelta(days=7),
    LinkPurpose.PASSWORD_RESET: timedelta(minutes=60),
    LinkPurpose.EMAIL_CHANGE: timedelta(minutes=60),
}


def digest_of(token: str) -> bytes:
    """What is stored of a link's token."""
    return hashlib.sha256(b"silta link\0" + token.encode("utf-8", "surrogatepass")).digest()


def issue_link(
    ring: Keyring,
    work: UnitOfWork,
    *,
    purpose: LinkPurpose,
    user_id: uuid.UUID | None = None,
    member_tenant_id: uuid.UUID | None = None,
    invitation_id: uuid.UUID | None = None,
    email: str | None = None,
) -> str:
    """The token for a mail, and nowhere else. Older links of the same kind stop working."""
    if user_id is not None:
        void_links(work, purpose=purpose, user_id=user_id)
    if invitation_id is not None:
        void_invitation_links(work, invitation_id=invitation_id)
    token, link_id = secrets.token_urlsafe(32), new_id()
    sealed = LINK_EMAIL.seal(ring, work, link_id, email) if email is not None else None
    work.session.add(
        SingleUseLink(
            tenant_id=work.tenant_id,
            id=link_id,
            digest=digest_of(token),
            purpose=purpose.value,
            user_id=user_id,
            member_tenant_id=member_tenant_id,
            invitation_id=invitation_id,
            email_sealed=sealed,
            created_at=work.now,
            expires_at=work.now + LASTS[purpose],
        )
    )
    work.session.flush()
    return token


def void_links(work: UnitOfWork, *, purpose: LinkPurpose, user_id: uuid.UUID) -> None:
    """No unused link of this purpose and user works any more."""
    work.session.execute(
        update(SingleUseLink)
        .where(
            SingleUseLink.purpose == purpose.value,
            SingleUseLink.user_id == user_id,
            SingleUseLink.used_at.is_(None),
        )
        .values(used_at=work.now)
    )


def void_invitation_links(work: UnitOfWork, *, invitation_id: uuid.UUID) -> None:
    """No unused link to this invitation works any more."""
    work.session.execute(
        update(SingleUseLink)
        .where(SingleUseLink.invitation_id == invitation_id, SingleUseLink.used_at.is_(None))
        .values(used_at=work.now)
    )
