"""Words that were agreed to, each kept once and known by its digest."""

import hashlib
import re
from typing import Final

from sqlalchemy.dialects.postgresql import insert

from privacy.consents.models import ConsentWording
from privacy.consents.purposes import ConsentPurpose
from privacy.consents.shapes import Wording
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.vault.derivations import canonical

LONGEST: Final = 4000
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")


def check_wording(wording: Wording) -> None:
    """Raises Invalid."""
    wrong: dict[str, str] = {}
    if not 0 < len(wording.text.strip()) <= LONGEST or "\0" in wording.text:
        wrong["wording"] = f"Give the words that were agreed to, up to {LONGEST} characters."
    if not _LANGUAGE.fullmatch(wording.language):
        wrong["language"] = "A language is wanted, like en or sv-FI (BCP 47)."
    if not _VERSION.fullmatch(wording.version):
        wrong["version"] = "A version is wanted: up to 40 letters, digits, dots and dashes."
    if wrong:
        raise Invalid(fields=wrong)


def digest_of(purpose: ConsentPurpose, wording: Wording) -> bytes:
    """SHA-256 over purpose, language, version and text, each with its length in front."""
    parts = (purpose.value, wording.language, wording.version, wording.text)
    return hashlib.sha256(canonical(*(part.encode() for part in parts))).digest()


def keep_wording(work: UnitOfWork, purpose: ConsentPurpose, wording: Wording) -> bytes:
    """Keep words of the bound tenant once; their digest. Raises Invalid."""
    check_wording(wording)
    digest = digest_of(purpose, wording)
    row = {
        "tenant_id": work.tenant_id,
        "digest": digest,
        "purpose": purpose.value,
        "language": wording.language,
        "version": wording.version,
        "text": wording.text,
        "created_at": work.now,
    }
    work.connection.execute(insert(ConsentWording).values(row).on_conflict_do_nothing())
    return digest
