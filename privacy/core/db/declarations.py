"""What each column holds. A column without a declaration fails the build.

Categories are fideslang's taxonomy (`user.contact.phone_number` …); the rest are closed lists,
so that a notice, a record of processing (GDPR Art. 30) and a sweep can be made from them.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Subjects(StrEnum):
    """Whose data it is (promise A1)."""

    CUSTOMERS = "customers"
    CUSTOMERS_OF_CUSTOMERS = "customers_of_customers"


class Purpose(StrEnum):
    """The closed list of purposes (promise A13)."""

    DELIVERY = "delivery"
    ADMINISTRATION = "statistics_and_administration"
    DOCUMENTATION = "documentation"
    QUALITY = "quality_control_and_development"
    IDENTIFICATION = "identification"
    ACCOUNTS = "accounts"
    SECURITY = "protection_of_rights"
    RESPONSE = "response"
    FUTURE = "future_communication"
    NOTICES = "information_about_changes"
    COMPLAINTS = "complaints"


class LegalBasis(StrEnum):
    """GDPR Art. 6(1)."""

    CONSENT = "consent"
    CONTRACT = "contract"
    OBLIGATION = "legal_obligation"
    LEGITIMATE_INTEREST = "legitimate_interests"


class Retention(StrEnum):
    """Which rule ends the data."""

    CALLS = "calls"
    SESSIONS = "sessions"
    ACCOUNT = "account_life"
    SUBSCRIPTION = "subscription_life"
    MAILS = "mails"
    REQUEST = "one_day"
    LEDGER = "ledger"
    INQUIRY = "last_message"
    """Days from the last message of a thread (promise B2)."""
    TECHNICAL = "technical_log"
    """Days from a web inquiry (promise A4)."""
    UNOFFICIAL = "unofficial_channels"
    """Days from arrival over an unofficial channel (promise D6)."""
    FINANCIAL = "accounting_obligation"
    """Until the last legal obligation ends (promise B3)."""
    DECISION = "decision"
    """Documents, until what they were asked for is decided (promises A14, C7)."""
    DECLARED = "declared_by_tenant"
    """Free fields, as the tenant declared (promise A11)."""
    CONSENTS = "consent_evidence"
    """As long as the consent, or a claim about it, can stand (GDPR Art. 7(1))."""
    OBJECTIONS = "objection"
    """Until the person ends it; after an erasure a token alone remains."""
    REQUESTS = "subject_request"
    """Three years from the end of the year in which a request was answered (GDPR Art. 5(2))."""
    EVIDENCE = "register_evidence"
    """Disclosures and breaches: three years from the end of the year (GDPR Art. 5(2), 33(5))."""
    PACKAGE = "subject_package"
    """Until it is fetched, seven days at most."""


@dataclass(frozen=True, slots=True)
class Personal:
    """A column with personal data."""

    category: str
    purpose: Purpose
    basis: LegalBasis
    retention: Retention
    subjects: Subjects


@dataclass(frozen=True, slots=True)
class Impersonal:
    """A column without personal data, and why that is so."""

    reason: str


def personal(
    category: str,
    *,
    purpose: Purpose,
    basis: LegalBasis,
    retention: Retention,
    subjects: Subjects,
) -> dict[str, Any]:
    """`mapped_column(…, info=personal(…))`."""
    return {"holds": Personal(category, purpose, basis, retention, subjects)}


def impersonal(reason: str) -> dict[str, Any]:
    """`mapped_column(…, info=impersonal("why"))`."""
    return {"holds": Impersonal(reason)}
