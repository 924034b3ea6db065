"""Links of mails to holders: confirm an address, set a new password. Each works once."""

import hashlib
import secrets
import uuid
from datetime import timedelta
from typing import Final, Literal

from sqlalchemy import select, update

from connector.registrations.models import RegistrantLink
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Gone
from privacy.core.ids import new_id

Purpose = Literal["confirm", "reset"]
LASTS: Final = {"confirm": timedelta(days=2), "reset": timedelta(hours=1)}


def issue_link(work: UnitOfWork, *, registrant_id: uuid.UUID, purpose: Purpose) -> str:
    """The token for a mail, and nowhere else; older ones of the purpose stop working."""
    work.session.execute(
        update(RegistrantLink)
        .where(
            RegistrantLink.registrant_id == registrant_id,
            RegistrantLink.purpose == purpose,
            RegistrantLink.used_at.is_(None),
        )
        .values(used_at=work.now)
    )
    token = secrets.token_urlsafe(32)
    work.session.add(
        RegistrantLink(
            tenant_id=work.tenant_id,
            id=new_id(),
            registrant_id=registrant_id,
            digest=_digest_of(token),
            purpose=purpose,
            expires_at=work.now + LASTS[purpose],
        )
    )
    work.session.flush()
    return token


def peek_link(work: UnitOfWork, *, purpose: Purpose, token: str) -> uuid.UUID:
    """Whose link it is, changing nothing. Raises Gone: used, too old, or never was."""
    found = work.session.scalar(
        select(RegistrantLink.registrant_id).where(
            RegistrantLink.digest == _digest_of(token),
            RegistrantLink.purpose == purpose,
            RegistrantLink.used_at.is_(None),
            RegistrantLink.expires_at > work.now,
        )
    )
    if found is None:
        raise _gone()
    return found


def consume_link(work: UnitOfWork, *, purpose: Purpose, token: str) -> uuid.UUID:
    """Use a link up: of two parallel posts one wins. Raises Gone."""
    found: uuid.UUID | None = work.session.scalar(
        update(RegistrantLink)
        .where(
            RegistrantLink.digest == _digest_of(token),
            RegistrantLink.purpose == purpose,
            RegistrantLink.used_at.is_(None),
            RegistrantLink.expires_at > work.now,
        )
        .values(used_at=work.now)
        .returning(RegistrantLink.registrant_id)
    )
    if found is None:
        raise _gone()
    return found


def _digest_of(token: str) -> bytes:
    data = b"silta registrant link\0" + token.encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).digest()


def _gone() -> Gone:
    return Gone(
        "This link has been used or is too old. Ask for a new one.", code="link_used_or_expired"
    )
