"""What the columns of this floor hold about people, declared once and named by the models."""

from privacy.core.db.declarations import (
    LegalBasis,
    Purpose,
    Retention,
    Subjects,
    personal,
)

EMAIL = personal(
    "user.contact.email",
    purpose=Purpose.ACCOUNTS,
    basis=LegalBasis.CONTRACT,
    retention=Retention.ACCOUNT,
    subjects=Subjects.CUSTOMERS,
)
NAME = personal(
    "user.name",
    purpose=Purpose.ACCOUNTS,
    basis=LegalBasis.CONTRACT,
    retention=Retention.ACCOUNT,
    subjects=Subjects.CUSTOMERS,
)
CREDENTIAL = personal(
    "user.authorization.credentials",
    purpose=Purpose.IDENTIFICATION,
    basis=LegalBasis.CONTRACT,
    retention=Retention.ACCOUNT,
    subjects=Subjects.CUSTOMERS,
)
PERSON = personal(
    "user.unique_id",
    purpose=Purpose.ACCOUNTS,
    basis=LegalBasis.CONTRACT,
    retention=Retention.ACCOUNT,
    subjects=Subjects.CUSTOMERS,
)
SESSION_OF = personal(
    "user.unique_id",
    purpose=Purpose.IDENTIFICATION,
    basis=LegalBasis.CONTRACT,
    retention=Retention.SESSIONS,
    subjects=Subjects.CUSTOMERS,
)
SESSION_DEVICE = personal(
    "user.device",
    purpose=Purpose.SECURITY,
    basis=LegalBasis.LEGITIMATE_INTEREST,
    retention=Retention.SESSIONS,
    subjects=Subjects.CUSTOMERS,
)
USAGE = personal(
    "user.device.ip_address",
    purpose=Purpose.SECURITY,
    basis=LegalBasis.LEGITIMATE_INTEREST,
    retention=Retention.SESSIONS,
    subjects=Subjects.CUSTOMERS,
)
NETWORK = personal(
    "user.device.ip_address",
    purpose=Purpose.SECURITY,
    basis=LegalBasis.CONTRACT,
    retention=Retention.SUBSCRIPTION,
    subjects=Subjects.CUSTOMERS,
)
TENANT_NAME = personal(
    "user.workplace",
    purpose=Purpose.ADMINISTRATION,
    basis=LegalBasis.CONTRACT,
    retention=Retention.SUBSCRIPTION,
    subjects=Subjects.CUSTOMERS,
)
LANGUAGE = personal(
    "user.demographic.language",
    purpose=Purpose.ACCOUNTS,
    basis=LegalBasis.CONTRACT,
    retention=Retention.ACCOUNT,
    subjects=Subjects.CUSTOMERS,
)
