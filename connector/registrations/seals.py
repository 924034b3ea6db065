"""How the parts of a registration are sealed and opened, and the digests it is found by."""

import unicodedata
import uuid
from typing import Final

from connector.registrations.details import Details, decode, encode
from connector.registrations.models import (
    DETAILS_VERSION,
    PASSWORD_VERSION,
    Registrant,
    RegistrantAgreement,
    RegistrationCheck,
)
from privacy.core.db.work import UnitOfWork
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Index, Scope
from privacy.vault.meanings import Meaning
from tenants.emails import folded

_SCOPE: Final = Scope.REGISTRATIONS


def put_details(work: UnitOfWork, vault: Keyring, row: Registrant, details: Details) -> None:
    """Seal details into the row as its next version."""
    row.details_version = (row.details_version or 0) + 1
    DETAILS_VERSION.witness(work, row_id=row.id, version=row.details_version)
    row.details_sealed = vault.seal(work, _SCOPE, _details(row), encode(details))


def open_details(work: UnitOfWork, vault: Keyring, row: Registrant) -> Details:
    """The details of a row. Raises OpenError."""
    return decode(vault.open(work, _SCOPE, _details(row), row.details_sealed))


def put_password(work: UnitOfWork, vault: Keyring, row: Registrant, encoded: str | None) -> None:
    """Seal a password's hash as the next version; None closes the account to passwords."""
    row.password_version = (row.password_version or 0) + 1
    PASSWORD_VERSION.witness(work, row_id=row.id, version=row.password_version)
    row.password_sealed = (
        vault.seal(work, _SCOPE, _password(row), encoded.encode()) if encoded else None
    )


def open_password(
    work: UnitOfWork, vault: Keyring, row: Registrant | None, *, state: str = "active"
) -> str | None:
    """The hash; None where no password opens anything, or the account is in another state."""
    if row is None or row.state != state or row.password_sealed is None:
        return None
    return vault.open(work, _SCOPE, _password(row), row.password_sealed).decode()


def seal_evidence(work: UnitOfWork, vault: Keyring, agreement_id: uuid.UUID, address: str) -> bytes:
    """From where a term was agreed to."""
    return vault.seal(work, _SCOPE, _evidence(work, agreement_id), address.encode())


def open_evidence(work: UnitOfWork, vault: Keyring, row: RegistrantAgreement) -> str:
    """The address of an agreement. Raises OpenError."""
    return vault.open(work, _SCOPE, _evidence(work, row.id), row.evidence_sealed).decode()


def seal_note(work: UnitOfWork, vault: Keyring, check_id: uuid.UUID, note: str) -> bytes | None:
    """What a check found."""
    return vault.seal(work, _SCOPE, _note(work, check_id), note.encode()) if note else None


def open_note(work: UnitOfWork, vault: Keyring, row: RegistrationCheck) -> str:
    """What a check found; empty where nothing was written. Raises OpenError."""
    if row.note_sealed is None:
        return ""
    return vault.open(work, _SCOPE, _note(work, row.id), row.note_sealed).decode()


def email_digest(work: UnitOfWork, vault: Keyring, email: str) -> bytes:
    """What an account is found by, in whatever spelling the address was typed."""
    return vault.tenant_index(work, Index.EMAIL).digest(b"registrant\0" + folded(email).encode())


def login_digest(work: UnitOfWork, vault: Keyring, login: str) -> bytes:
    """What an account is found by, whatever the case of the login."""
    plain = unicodedata.normalize("NFKC", login.strip()[:400]).casefold()
    return vault.tenant_index(work, Index.USER).digest(b"registrant\0" + plain.encode())


def _details(row: Registrant) -> Meaning:
    return Meaning(
        "registration", row.tenant_id, "registrants", row.id, "details_sealed", row.details_version
    )


def _password(row: Registrant) -> Meaning:
    return Meaning(
        "registrant password",
        row.tenant_id,
        "registrants",
        row.id,
        "password_sealed",
        row.password_version,
    )


def _evidence(work: UnitOfWork, agreement_id: uuid.UUID) -> Meaning:
    return Meaning(
        "agreement", work.tenant_id, "registrant_agreements", agreement_id, "evidence_sealed"
    )


def _note(work: UnitOfWork, check_id: uuid.UUID) -> Meaning:
    return Meaning(
        "registration check", work.tenant_id, "registration_checks", check_id, "note_sealed"
    )
