"""Everything that the ledger can say, as `source:subject:action`.

A name, once used, is part of hashed history: add names, never rename or reuse one.
"""

from enum import StrEnum


class Event(StrEnum):
    """One kind of security- or privacy-relevant act."""

    CLOCK_LEAPT = "system:clock:leapt"
    CLOCK_ACCEPTED = "cli:clock:accepted"

    SIGNED_IN = "console:user:signed_in"
    SIGN_IN_FAILED = "console:user:sign_in_failed"
    SIGN_IN_LOCKED = "console:user:sign_in_locked"
    SIGNED_OUT = "console:user:signed_out"
    REAUTHENTICATED = "console:user:reauthenticated"
    ACCESS_DENIED = "console:user:access_denied"
    SESSIONS_REVOKED = "console:sessions:revoked"

    PASSWORD_CHANGED = "console:password:changed"  # noqa: S105
    PASSWORD_RESET_REQUESTED = "console:password:reset_requested"  # noqa: S105
    PASSWORD_RESET = "console:password:reset"  # noqa: S105
    PASSWORD_FORCED = "console:password:forced"  # noqa: S105

    TOTP_ENROLLED = "console:totp:enrolled"
    TOTP_REMOVED = "console:totp:removed"
    MFA_RESET = "console:mfa:reset"
    MFA_REQUIRED = "console:mfa:required"
    RECOVERY_CODES_CREATED = "console:recovery_codes:created"
    RECOVERY_CODE_USED = "console:recovery_code:used"

    TENANT_CREATED = "console:tenant:created"
    TENANT_CHANGED = "console:tenant:changed"
    TENANT_SUSPENDED = "console:tenant:suspended"
    TENANT_RESUMED = "console:tenant:resumed"
    USER_CREATED = "console:user:created"
    USER_INVITED = "console:user:invited"
    USER_CHANGED = "console:user:changed"
    USER_DISABLED = "console:user:disabled"
    USER_ENABLED = "console:user:enabled"
    INVITATION_ACCEPTED = "console:invitation:accepted"
    INVITATION_REVOKED = "console:invitation:revoked"
    MEMBERSHIP_CREATED = "console:membership:created"
    MEMBERSHIP_ROLE_CHANGED = "console:membership:role_changed"
    MEMBERSHIP_ENDED = "console:membership:ended"

    API_KEY_CREATED = "console:api_key:created"
    API_KEY_ROTATED = "console:api_key:rotated"
    API_KEY_REVOKED = "console:api_key:revoked"
    API_KEY_REFUSED = "api:api_key:refused"

    ACCOUNT_CREATED = "console:account:created"
    ACCOUNT_CHANGED = "console:account:changed"
    ACCOUNT_TESTED = "console:account:tested"
    ACCOUNT_PAUSED = "console:account:paused"
    ACCOUNT_RESUMED = "console:account:resumed"
    ACCOUNT_ROTATED = "console:account:rotated"
    ACCOUNT_DELETED = "console:account:deleted"
    ACCOUNT_REFUSED = "provider:account:refused"
    ACCOUNT_UNAVAILABLE = "provider:account:unavailable"
    ACCOUNT_BACK = "provider:account:back"
    ACCOUNT_RENEWED = "provider:account:renewed"
    ACCOUNT_DIAGNOSED = "console:account:diagnosed"

    SYNC_REQUESTED = "console:sync:requested"
    SYNC_PAUSED = "console:sync:paused"
    SYNC_RESUMED = "console:sync:resumed"
    SYNC_FINISHED = "jobs:sync:finished"

    DOCUMENT_REQUESTED = "api:document:requested"
    DOCUMENT_SENT = "jobs:document:sent"
    DOCUMENT_FAILED = "jobs:document:failed"

    WEBHOOK_CREATED = "console:webhook:created"
    WEBHOOK_CHANGED = "console:webhook:changed"
    WEBHOOK_ROTATED = "console:webhook:rotated"
    WEBHOOK_DISABLED = "console:webhook:disabled"
    WEBHOOK_ENABLED = "console:webhook:enabled"
    WEBHOOK_DELETED = "console:webhook:deleted"
    WEBHOOK_REPLAYED = "console:webhook:replayed"
    WEBHOOK_GIVEN_UP = "jobs:webhook:given_up"
    WEBHOOK_DISCLOSED = "jobs:webhook:disclosed"

    CALLS_INGESTED = "api:calls:ingested"
    CALLS_POSTED = "provider:calls:posted"
    CALLS_REMAPPED = "jobs:calls:remapped"
    CALLS_SEARCHED = "api:calls:searched"
    CALL_READ = "api:call:read"
    CALLS_FETCHED = "api:calls:exported"
    CALLS_LOOKED_UP = "console:calls:searched"
    CALL_VIEWED = "console:call:viewed"
    CALLS_EXPORTED = "console:calls:exported"

    FORM_CREATED = "console:form:created"
    FORM_CHANGED = "console:form:changed"
    FORM_CLOSED = "console:form:closed"
    INQUIRY_ARRIVED = "web:inquiry:arrived"
    INQUIRY_RECORDED = "console:inquiry:recorded"
    INQUIRY_VIEWED = "console:inquiry:viewed"
    INQUIRIES_LISTED = "console:inquiries:listed"
    INQUIRY_CHANGED = "console:inquiry:changed"
    INQUIRY_ANSWERED = "console:inquiry:answered"
    INQUIRY_ERASED = "console:inquiry:erased"
    INQUIRY_CONSENT_WITHDRAWN = "console:inquiry:consent_withdrawn"
    INQUIRIES_DESTROYED = "retention:inquiries:destroyed"

    REGISTRATION_STARTED = "web:registration:started"
    REGISTRATION_CONFIRMED = "web:registration:confirmed"
    REGISTRATION_CHANGED = "web:registration:changed"
    REGISTRATION_EXPORTED = "web:registration:exported"
    REGISTRATION_DELETED = "web:registration:deleted"
    REGISTRANT_SIGNED_IN = "web:registrant:signed_in"
    REGISTRANT_REFUSED = "web:registrant:sign_in_failed"
    REGISTRANT_RESET = "web:registrant:password_reset"
    REGISTRATIONS_LISTED = "console:registrations:listed"
    REGISTRATION_VIEWED = "console:registration:viewed"
    REGISTRATION_CHECKED = "console:registration:checked"
    REGISTRATIONS_DESTROYED = "retention:registrations:destroyed"

    CONSENT_GIVEN = "registers:consent:given"
    CONSENT_WITHDRAWN = "registers:consent:withdrawn"
    CONSENT_VIEWED = "registers:consent:viewed"
    CONSENTS_SEARCHED = "registers:consents:searched"
    OBJECTION_RECORDED = "registers:objection:recorded"
    OBJECTION_ENDED = "registers:objection:ended"
    OBJECTION_VIEWED = "registers:objection:viewed"
    OBJECTIONS_SEARCHED = "registers:objections:searched"
    SUPPRESSIONS_CHECKED = "registers:suppressions:checked"
    UNSUBSCRIBED = "registers:suppression:unsubscribed"

    CONTACT_CREATED = "console:contact:created"
    CONTACT_CHANGED = "console:contact:changed"
    CONTACT_DELETED = "console:contact:deleted"
    CONTACTS_SEARCHED = "api:contacts:searched"
    CONTACTS_LOOKED_UP = "console:contacts:searched"
    RECORDS_LISTED = "api:records:listed"
    RECORD_READ = "api:record:read"
    RECORDS_LOOKED_THROUGH = "console:records:listed"
    RECORD_VIEWED = "console:record:viewed"
    RECORDS_REMAPPED = "jobs:records:remapped"
    RECORDS_ENDED = "retention:records:ended"
    HELD_ERASED = "retention:held_records:erased"

    RETENTION_CHANGED = "console:retention:changed"
    RETENTION_RUN = "retention:run:finished"
    DAY_DESTROYED = "retention:day:destroyed"

    EPOCH_ADVANCED = "keys:epoch:advanced"
    ROOT_ROTATED = "keys:root:rotated"
    TENANT_KEY_ROTATED = "keys:tenant:rotated"
    KEY_DESTROYED = "keys:key:destroyed"
    ESCROW_WRITTEN = "keys:escrow:written"
    ESCROW_RESTORED = "keys:escrow:restored"

    JOB_RETRIED = "console:job:retried"
    JOB_DIED = "jobs:job:died"

    MAIL_VIEWED = "console:mail:viewed"
    MAIL_FAILED = "jobs:mail:failed"
    MAILS_DESTROYED = "retention:mails:destroyed"

    VALUE_SEALED = "system:value:sealed"

    LEDGER_VERIFIED = "console:ledger:verified"
    LEDGER_VIEWED = "console:ledger:viewed"
