"""Sealed columns of this floor: what each means, under which scope, and how rotation finds it."""

import uuid
from dataclasses import dataclass

from privacy.core.db.work import UnitOfWork
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Scope
from privacy.vault.meanings import Meaning
from privacy.vault.reseals import SealedColumn, register


@dataclass(frozen=True, slots=True)
class SealedField:
    """One column. `version` is the row's own counter for it, so an older value does not open."""

    type: str
    table: str
    column: str
    scope: Scope

    def seal(
        self, ring: Keyring, work: UnitOfWork, row_id: uuid.UUID, text: str, *, version: int = 0
    ) -> bytes:
        """Seal `text` for the row `row_id` of `work`'s tenant."""
        meaning = self._meaning(work, row_id, version)
        return ring.seal(work, self.scope, meaning, text.encode())

    def open(
        self, ring: Keyring, work: UnitOfWork, row_id: uuid.UUID, sealed: bytes, *, version: int = 0
    ) -> str:
        """Open what `seal` made. Raises OpenError for anything else."""
        return ring.open(work, self.scope, self._meaning(work, row_id, version), sealed).decode()

    def _meaning(self, work: UnitOfWork, row_id: uuid.UUID, version: int) -> Meaning:
        return Meaning(self.type, work.tenant_id, self.table, row_id, self.column, version)


def _field(
    meaning: str,
    column: str,
    scope: Scope,
    *,
    row_id: str = "id",
    version: str | None = None,
) -> SealedField:
    """Declare `table.column`, and register it for re-sealing when the tenant's key rotates."""
    table, name = column.split(".")
    register(SealedColumn(table, name, scope, meaning, row_id, version))
    return SealedField(meaning, table, name, scope)


TENANT_NAME = _field(
    "tenant name", "tenants.name_sealed", Scope.SETTINGS, row_id="tenant_id", version="name_version"
)
USER_EMAIL = _field("email", "users.email_sealed", Scope.IDENTITIES, version="identity_version")
USER_NAME = _field("name", "users.name_sealed", Scope.IDENTITIES, version="identity_version")
USER_PASSWORD = _field(
    "password hash", "users.password_sealed", Scope.CREDENTIALS, version="password_version"
)
USER_TOTP = _field("totp secret", "users.totp_sealed", Scope.SECOND_FACTORS, version="totp_version")
USER_TOTP_PENDING = _field(
    "totp secret",
    "users.totp_pending_sealed",
    Scope.SECOND_FACTORS,
    # A pending secret is sealed for the version that it will be once it is confirmed.
    version="totp_version + 1",
)
INVITATION_EMAIL = _field("email", "invitations.email_sealed", Scope.IDENTITIES)
LINK_EMAIL = _field("email", "single_use_links.email_sealed", Scope.IDENTITIES)
API_KEY_NAME = _field("api key name", "api_keys.name_sealed", Scope.SETTINGS)
