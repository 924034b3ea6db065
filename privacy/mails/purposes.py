"""What each mail is for, and whether it may leave (promise C10).

Every kind has a purpose. What a person asked for or cannot do
without always leaves; anything else asks the registers twice: when it is written, and again
when it is sent, because an objection is honoured from the moment it is recorded.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from privacy.core.db.work import UnitOfWork
from privacy.identities.shapes import Identity
from privacy.identities.tokens import tokens_of
from privacy.mails.errors import MailSuppressed
from privacy.mails.kinds import MailKind
from privacy.restrictions.standing import restricted
from privacy.suppressions.check import may_send
from privacy.suppressions.entries import suppressed
from privacy.suppressions.purposes import ALWAYS, OBJECTED, Sending
from privacy.vault.keyring import Keyring

PURPOSES: Mapping[MailKind, Sending] = MappingProxyType(
    {
        MailKind.INVITATION: Sending.SERVICE_MESSAGE,
        MailKind.PASSWORD_RESET: Sending.ONE_TIME_CODE,
        MailKind.PASSWORD_FORCED: Sending.ONE_TIME_CODE,
        MailKind.PASSWORD_CHANGED: Sending.SERVICE_MESSAGE,
        MailKind.SECOND_FACTOR_RESET: Sending.SERVICE_MESSAGE,
        MailKind.SECOND_FACTOR_CHANGED: Sending.SERVICE_MESSAGE,
        MailKind.EMAIL_CHANGE: Sending.ONE_TIME_CODE,
        MailKind.EMAIL_CHANGED: Sending.SERVICE_MESSAGE,
        MailKind.INQUIRY_ANSWER: Sending.ANSWER,
        MailKind.INQUIRY_LONGER: Sending.SERVICE_MESSAGE,
        MailKind.REGISTRATION_CONFIRM: Sending.ONE_TIME_CODE,
        MailKind.REGISTRATION_KNOWN: Sending.SERVICE_MESSAGE,
        MailKind.REGISTRATION_CORRECT: Sending.SERVICE_MESSAGE,
        MailKind.REGISTRATION_DELETED: Sending.SERVICE_MESSAGE,
        MailKind.REGISTRANT_RESET: Sending.ONE_TIME_CODE,
        MailKind.ENDPOINT_DISABLED: Sending.SERVICE_MESSAGE,
        MailKind.BACKUP_ALERT: Sending.SERVICE_MESSAGE,
        MailKind.SUBSCRIPTION_ENDING: Sending.SERVICE_MESSAGE,
        MailKind.SUBSCRIPTION_ENDED: Sending.SERVICE_MESSAGE,
        MailKind.EXPORT_READY: Sending.SERVICE_MESSAGE,
        MailKind.EXPORT_FAILED: Sending.SERVICE_MESSAGE,
        MailKind.BREACH_CONTROLLER: Sending.SERVICE_MESSAGE,
        MailKind.BREACH_USERS: Sending.SERVICE_MESSAGE,
        MailKind.BREACH_DUE: Sending.SERVICE_MESSAGE,
        MailKind.PROCESSOR_ANNOUNCED: Sending.SERVICE_MESSAGE,
        MailKind.CONFIGURATION_DRIFT: Sending.SERVICE_MESSAGE,
        MailKind.PROMISE_BROKEN: Sending.SERVICE_MESSAGE,
        MailKind.NOTICE_CHANGED: Sending.SERVICE_MESSAGE,
        MailKind.CLOSURE_ASKED: Sending.SERVICE_MESSAGE,
        MailKind.CENTRE_CODE: Sending.ONE_TIME_CODE,
        MailKind.SUBJECT_RECEIVED: Sending.ANSWER,
        MailKind.SUBJECT_CODE: Sending.ONE_TIME_CODE,
        MailKind.SUBJECT_EXTENDED: Sending.ANSWER,
        MailKind.SUBJECT_REFUSED: Sending.ANSWER,
        MailKind.SUBJECT_ANSWERED: Sending.ANSWER,
        MailKind.SUBJECT_READY: Sending.ONE_TIME_CODE,
        MailKind.SUBJECT_PROOF: Sending.ANSWER,
        MailKind.SUBJECT_UNRESTRICTED: Sending.ANSWER,
        MailKind.SUBJECT_FORWARDED: Sending.SERVICE_MESSAGE,
        MailKind.REQUEST_OVERDUE: Sending.SERVICE_MESSAGE,
    }
)
"""A test asks for a purpose of every kind; a kind without one cannot be written."""


def check_purpose(
    work: UnitOfWork, ring: Keyring, *, kind: MailKind, to: str, services: Collection[str]
) -> None:
    """Raises MailSuppressed for a mail that may not be written on behalf of `services`."""
    purpose = PURPOSES[kind]
    if purpose in ALWAYS:
        return
    said = may_send(work, ring, purpose=purpose, to=Identity.email(to), services=services)
    if not said.allowed:
        raise MailSuppressed


def check_unstopped(work: UnitOfWork, ring: Keyring, *, kind: MailKind, to: str) -> None:
    """Raises MailSuppressed when the recipient has said no since the mail was written."""
    purpose = PURPOSES[kind]
    if purpose in ALWAYS:
        return
    if restricted(work, ring).has_email(to):
        raise MailSuppressed
    (token,) = tokens_of(work, ring, [Identity.email(to)])
    if OBJECTED[purpose] in suppressed(work, [token]).get(token, {}):
        raise MailSuppressed
