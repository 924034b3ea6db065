"""What the columns of registrations hold about people, declared once."""

from privacy.core.db.declarations import LegalBasis, Purpose, Retention, Subjects, personal

DETAILS = personal(
    "user.contact",
    purpose=Purpose.ACCOUNTS,
    basis=LegalBasis.CONTRACT,
    retention=Retention.ACCOUNT,
    subjects=Subjects.CUSTOMERS,
)
EMAIL = personal(
    "user.contact.email",
    purpose=Purpose.ACCOUNTS,
    basis=LegalBasis.CONTRACT,
    retention=Retention.ACCOUNT,
    subjects=Subjects.CUSTOMERS,
)
LOGIN = personal(
    "user.account.username",
    purpose=Purpose.IDENTIFICATION,
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
AGREEMENT = personal(
    "user.privacy_preferences",
    purpose=Purpose.SECURITY,
    basis=LegalBasis.CONTRACT,
    retention=Retention.ACCOUNT,
    subjects=Subjects.CUSTOMERS,
)
CHECK = personal(
    "user.account",
    purpose=Purpose.SECURITY,
    basis=LegalBasis.CONTRACT,
    retention=Retention.ACCOUNT,
    subjects=Subjects.CUSTOMERS,
)
