"""Where archives lie and whose they are, as the settings say."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Self

from privacy.backups.seals import Recipients, read_recipients
from privacy.backups.shelves import Shelf, look
from privacy.backups.stores import OffsiteStore, open_store
from privacy.core.errors import Misconfigured
from privacy.core.settings import Settings
from privacy.ledger.signing import Identity


@dataclass(frozen=True)
class Depot:
    """The store, the identity that signs what is in it, and how archives are kept."""

    store: OffsiteStore
    identity: Identity
    every: timedelta
    keep: timedelta
    programs: Path | None
    recipients_text: str | None = field(default=None)

    @classmethod
    def of(cls, settings: Settings, identity: Identity) -> Self:
        """The depot that an operator configured. Raises Misconfigured."""
        if settings.backup_store is None:
            raise Misconfigured("SILTA_BACKUP_STORE is not set: there are no archives")
        store = open_store(
            settings.backup_store,
            key_id=settings.backup_store_key_id,
            secret=settings.backup_store_secret,
        )
        return cls(
            store,
            identity,
            timedelta(hours=settings.backup_hours),
            timedelta(days=settings.backup_keep_days),
            settings.backup_programs,
            settings.backup_recipients,
        )

    @property
    def recipients(self) -> Recipients:
        """Public keys that archives are encrypted to. Raises Misconfigured."""
        return read_recipients(self.recipients_text)

    @property
    def recipient_names(self) -> list[str]:
        """The same as text."""
        return [key.strip() for key in (self.recipients_text or "").split(",") if key.strip()]

    def shelf(self) -> Shelf:
        """What is in the store now. Raises StoreFailed."""
        return look(self.store, self.identity)
