"""Every kind of event that a tenant can be told of."""

from enum import StrEnum
from typing import Final


class EventKind(StrEnum):
    """`subject.what_happened`. A kind, once told, keeps its name and its facts."""

    CALL_RECEIVED = "call.received"
    INQUIRY_RECEIVED = "inquiry.received"
    INQUIRY_REPLIED = "inquiry.replied"
    ACCOUNT_STATE_CHANGED = "account.state_changed"
    SUBJECT_REQUEST_DUE = "subject_request.due"
    BACKUP_FAILED = "backup.failed"
    POLICY_CHANGED = "policy.changed"
    ENDPOINT_TESTED = "endpoint.tested"


CHOOSABLE: Final = tuple(kind for kind in EventKind if kind is not EventKind.ENDPOINT_TESTED)
"""What an endpoint can ask for; a test goes where it was asked for."""
