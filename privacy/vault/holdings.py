"""What whoever works for a whole installation holds of it."""

from typing import Protocol

from privacy.core.db.engine import Engines
from privacy.core.settings import Settings
from privacy.vault.custody import Custody
from privacy.vault.keyring import Keyring


class Holding(Protocol):
    """Settings, the way to the database, and the keys."""

    @property
    def settings(self) -> Settings:
        """What the operator chose."""

    @property
    def engines(self) -> Engines:
        """Engines by role."""

    @property
    def custody(self) -> Custody:
        """Key port and escrow."""

    @property
    def vault(self) -> Keyring:
        """The key ring."""
