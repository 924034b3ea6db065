"""How this floor asks for mails. Who composes, seals and sends them is not its business."""

from collections.abc import Mapping
from typing import Protocol

from privacy.core.db.work import UnitOfWork
from privacy.mails.kinds import MailKind


class Mailer(Protocol):
    """Keeps a mail, sealed, in the caller's transaction; it leaves after the commit."""

    def __call__(
        self,
        work: UnitOfWork,
        *,
        to: str,
        notice: MailKind,
        language: str,
        values: Mapping[str, str],
    ) -> None:
        """Write one mail to `to`."""
