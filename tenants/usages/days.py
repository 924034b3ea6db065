"""The day keys of the session register, and the ids of its records under them."""

import uuid
from datetime import date

from privacy.core.db.work import UnitOfWork
from privacy.retention.rules import OWN_SERVICE
from privacy.vault.keyring import Keyring
from privacy.vault.keys import DayKey
from privacy.vault.meanings import Meaning
from tenants.usages.contents import session_digest

SERVICE, DATA = OWN_SERVICE, "sessions"
"""As the profiles call it, so that retention finds the day's key (a test holds that)."""


def key_of_day(ring: Keyring, work: UnitOfWork, day: date) -> DayKey:
    """The key to seal under. Raises DayEnded."""
    return ring.day_key(work, service=SERVICE, data=DATA, day=day)


def usage_id(key: DayKey, session_id: uuid.UUID) -> uuid.UUID:
    """The record's id: to be computed with the session and the day's key, not otherwise."""
    return uuid.UUID(bytes=key.source_ids([session_digest(session_id)])[0])


def meaning_of(work: UnitOfWork, usage: uuid.UUID, version: int) -> Meaning:
    """What a sealed record means."""
    return Meaning("session usage", work.tenant_id, "session_usages", usage, "sealed", version)
