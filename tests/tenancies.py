"""A founded installation with two tenants: Alice's and Charlie's, each with its keys."""

import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import text

from connector.accounts.add import add_account
from connector.accounts.find import find_account
from connector.accounts.kinds import AccountKind
from connector.accounts.refs import AccountRef, ref_of
from privacy.core.db.work import SYSTEM, UnitOfWork, unit_of_work
from privacy.core.ids import new_id
from privacy.vault.creations import create_tenant_keys
from privacy.vault.custody import Custody, make_custody
from privacy.vault.foundings import found_ring
from privacy.vault.keyring import Keyring
from tests.installations import Installation


@dataclass(frozen=True)
class Tenancy:
    """One tenant of a test's installation."""

    installation: Installation
    vault: Keyring
    id: uuid.UUID

    def work(self) -> AbstractContextManager[UnitOfWork]:
        """A unit of work of this tenant."""
        return unit_of_work(self.installation.engines.app, tenant_id=self.id, actor=SYSTEM)

    def account(self, kind: AccountKind = AccountKind.API, name: str = "PBX") -> AccountRef:
        """A new account, ready to receive."""
        with self.work() as work:
            made = add_account(
                work, vault=self.vault, kind=kind, name=name, credential="token-of-a-test"
            )
            return ref_of(find_account(work, made.id))


class House:
    """The installation, its keys, and the tenants of Alice and Charlie."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        found_ring(installation.engines.keeper, self.custody)

    @cached_property
    def custody(self) -> Custody:
        """Root keys, key port and escrow."""
        return make_custody(self.installation.settings)

    @cached_property
    def vault(self) -> Keyring:
        """A key ring, as a process would hold it."""
        return Keyring(self.installation.engines.app, self.custody)

    def tenant(self) -> Tenancy:
        """A new tenant with keys."""
        tenant_id = new_id()
        create_tenant_keys(self.installation.engines.app, self.custody, tenant_id)
        return Tenancy(self.installation, self.vault, tenant_id)

    @cached_property
    def alice(self) -> Tenancy:
        """The tenant that owns things."""
        return self.tenant()

    @cached_property
    def charlie(self) -> Tenancy:
        """Another tenant, who must see nothing of Alice's."""
        return self.tenant()

    def rows(self, statement: str) -> Iterator[tuple[object, ...]]:
        """What the superuser sees, past every wall."""
        with self.installation.superuser().connect() as connection:
            yield from map(tuple, connection.execute(text(statement)))
