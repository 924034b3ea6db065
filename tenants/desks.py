"""What use cases that span several units of work are given.

Users belong to the installation and memberships to tenants, so some acts take two or three
transactions. Each says in which order, and what a crash in between leaves behind.
"""

import uuid
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import Engine

from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import NOBODY, Actor, UnitOfWork, unit_of_work
from privacy.vault.custody import Custody
from privacy.vault.keyring import Keyring
from tenants.notices import Mailer
from tenants.passwords.hashing import PasswordHashing


@dataclass(frozen=True, slots=True)
class Desk:
    """Engine of the app role, keys, password hashing, mails, and our address for links."""

    engine: Engine
    ring: Keyring
    custody: Custody
    hashing: PasswordHashing
    mailer: Mailer
    public_url: str

    def installation(self, actor: Actor = NOBODY) -> AbstractContextManager[UnitOfWork]:
        """A unit of work of the installation: users, sessions, links."""
        return unit_of_work(self.engine, tenant_id=INSTALLATION_ID, actor=actor)

    def tenant(
        self, tenant_id: uuid.UUID, actor: Actor = NOBODY
    ) -> AbstractContextManager[UnitOfWork]:
        """A unit of work of one tenant."""
        return unit_of_work(self.engine, tenant_id=tenant_id, actor=actor)

    def link(self, path: str, token: str) -> str:
        """An address for a mail. The token is in the fragment's place of a path, never a query,
        and the page behind it changes nothing before its form is posted."""
        return f"{self.public_url}/{path}/{token}"
