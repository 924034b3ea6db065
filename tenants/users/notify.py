"""Tell a user by mail what happened to the account."""

from collections.abc import Mapping

from privacy.core.db.work import UnitOfWork
from privacy.mails.kinds import MailKind
from tenants.desks import Desk
from tenants.sealed_fields import USER_EMAIL
from tenants.users.models import User


def notify(
    desk: Desk,
    work: UnitOfWork,
    *,
    user: User,
    notice: MailKind,
    values: Mapping[str, str] | None = None,
) -> None:
    """Write the mail in the transaction that did what it tells of."""
    address = USER_EMAIL.open(
        desk.ring, work, user.id, user.email_sealed, version=user.identity_version
    )
    desk.mailer(work, to=address, notice=notice, language=user.language, values=values or {})
