"""Every mail that the service writes."""

from enum import StrEnum


class MailKind(StrEnum):
    """A mail's template; behind each, the values that its text needs."""

    INVITATION = "invitation"
    """tenant, link, days"""
    PASSWORD_RESET = "password_reset"  # noqa: S105
    """link, minutes"""
    PASSWORD_FORCED = "password_forced"  # noqa: S105
    """link, minutes"""
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    SECOND_FACTOR_RESET = "second_factor_reset"
    SECOND_FACTOR_CHANGED = "second_factor_changed"
    EMAIL_CHANGE = "email_change"
    """link, minutes"""
    EMAIL_CHANGED = "email_changed"
    INQUIRY_ANSWER = "inquiry_answer"
    """tenant, reference, text"""
    REGISTRATION_CONFIRM = "registration_confirm"
    """tenant, link, days"""
    REGISTRATION_KNOWN = "registration_known"
    """tenant, link"""
    REGISTRATION_CORRECT = "registration_correct"
    """tenant, text, link"""
    REGISTRATION_DELETED = "registration_deleted"
    """tenant, until"""
    REGISTRANT_RESET = "registrant_reset"
    """tenant, link, minutes"""
    ENDPOINT_DISABLED = "endpoint_disabled"
    """tenant, endpoint, reason, link"""
    SUBSCRIPTION_ENDING = "subscription_ending"
    """tenant, service, day, link"""
    SUBSCRIPTION_ENDED = "subscription_ended"
    """tenant, service"""
    PROMISE_BROKEN = "promise_broken"
    """tenant, text, link"""
    NOTICE_CHANGED = "notice_changed"
    """tenant, service, day, text, link"""
    CENTRE_CODE = "centre_code"
    """tenant, code, hours"""
    SUBJECT_RECEIVED = "subject_received"
    """tenant, reference, due"""
    SUBJECT_CODE = "subject_code"
    """tenant, reference, code, hours"""
    SUBJECT_EXTENDED = "subject_extended"
    """tenant, reference, due, text"""
    SUBJECT_REFUSED = "subject_refused"
    """tenant, reference, text, authority"""
    SUBJECT_ANSWERED = "subject_answered"
    """tenant, reference, text"""
    SUBJECT_READY = "subject_ready"
    """tenant, reference, code, days"""


class MailState(StrEnum):
    """Where a mail is."""

    WAITING = "waiting"
    SENT = "sent"
    KEPT = "kept"
    """No mail server is configured: the operator is shown it instead."""
    FAILED = "failed"
