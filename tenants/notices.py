"""The mails that this floor asks for. Who composes, seals and sends them is not its business."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from privacy.core.db.work import UnitOfWork


class Notice(StrEnum):
    """A mail's template, and the values that its text names."""

    INVITATION = "invitation"
    """tenant, link, days"""
    PASSWORD_RESET = "password_reset"  # noqa: S105 — the name of a mail
    """link, minutes"""
    PASSWORD_FORCED = "password_forced"  # noqa: S105 — the name of a mail
    """link, minutes"""
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 — the name of a mail
    SECOND_FACTOR_RESET = "second_factor_reset"
    SECOND_FACTOR_CHANGED = "second_factor_changed"
    EMAIL_CHANGE = "email_change"
    """link, minutes"""
    EMAIL_CHANGED = "email_changed"


class Mailer(Protocol):
    """Keeps a mail, sealed, in the caller's transaction; it leaves after the commit."""

    def __call__(
        self,
        work: UnitOfWork,
        *,
        to: str,
        notice: Notice,
        language: str,
        values: Mapping[str, str],
    ) -> None:
        """Write one mail to `to`."""


def no_mail(
    work: UnitOfWork, *, to: str, notice: Notice, language: str, values: Mapping[str, str]
) -> None:
    """A mailer for tools that tell their user what to do next themselves."""
