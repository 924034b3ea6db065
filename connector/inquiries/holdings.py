"""What the columns of inquiries hold about people, declared once."""

from privacy.core.db.declarations import LegalBasis, Purpose, Retention, Subjects, personal

CONTACT = personal(
    "user.contact",
    purpose=Purpose.RESPONSE,
    basis=LegalBasis.LEGITIMATE_INTEREST,
    retention=Retention.INQUIRY,
    subjects=Subjects.CUSTOMERS,
)
EMAIL = personal(
    "user.contact.email",
    purpose=Purpose.RESPONSE,
    basis=LegalBasis.LEGITIMATE_INTEREST,
    retention=Retention.INQUIRY,
    subjects=Subjects.CUSTOMERS,
)
NUMBER = personal(
    "user.contact.phone_number",
    purpose=Purpose.RESPONSE,
    basis=LegalBasis.LEGITIMATE_INTEREST,
    retention=Retention.INQUIRY,
    subjects=Subjects.CUSTOMERS,
)
SAID = personal(
    "user.content",
    purpose=Purpose.RESPONSE,
    basis=LegalBasis.LEGITIMATE_INTEREST,
    retention=Retention.INQUIRY,
    subjects=Subjects.CUSTOMERS,
)
AUTHOR = personal(
    "user.unique_id",
    purpose=Purpose.RESPONSE,
    basis=LegalBasis.LEGITIMATE_INTEREST,
    retention=Retention.INQUIRY,
    subjects=Subjects.CUSTOMERS,
)
DEVICE = personal(
    "user.device.ip_address",
    purpose=Purpose.SECURITY,
    basis=LegalBasis.LEGITIMATE_INTEREST,
    retention=Retention.TECHNICAL,
    subjects=Subjects.CUSTOMERS,
)
ANSWERS_TO = personal(
    "user.contact.email",
    purpose=Purpose.RESPONSE,
    basis=LegalBasis.CONTRACT,
    retention=Retention.SUBSCRIPTION,
    subjects=Subjects.CUSTOMERS,
)
