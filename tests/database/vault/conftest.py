"""A founded key ring for each test."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from privacy.core import clock
from privacy.core.db.work import SYSTEM, UnitOfWork, unit_of_work
from privacy.core.ids import new_id
from privacy.vault import sealing
from privacy.vault.creations import create_tenant_keys
from privacy.vault.custody import Custody, make_custody
from privacy.vault.foundings import found_ring
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Scope
from privacy.vault.meanings import Place
from tests.installations import Installation

SERVICE, DATA = "moontalk", "calls"


@dataclass
class Vault:
    """An installation with a ring, and what a process would hold of it."""

    installation: Installation
    custody: Custody
    ring: Keyring

    def work(self, tenant_id: UUID) -> AbstractContextManager[UnitOfWork]:
        return unit_of_work(self.installation.engines.app, tenant_id=tenant_id, actor=SYSTEM)

    def tenant(self) -> UUID:
        tenant_id = new_id()
        create_tenant_keys(self.installation.engines.app, self.custody, tenant_id)
        return tenant_id

    def other_process(self) -> "Vault":
        custody = make_custody(self.installation.settings)
        ring = Keyring(self.installation.engines.app, custody)
        return Vault(self.installation, custody, ring)

    def seal_day(self, tenant_id: UUID, day: date, value: bytes = b"value") -> bytes:
        with self.work(tenant_id) as work:
            key = self.ring.day_key(work, service=SERVICE, data=DATA, day=day)
            return sealing.seal(key, place(tenant_id).row(b"1"), value)

    def open_day(self, tenant_id: UUID, day: date, sealed: bytes) -> bytes | None:
        with self.work(tenant_id) as work:
            key = self.ring.find_day_key(work, service=SERVICE, data=DATA, day=day)
            return sealing.open(key, place(tenant_id).row(b"1"), sealed) if key else None

    def seal_scope(self, tenant_id: UUID, value: bytes = b"secret") -> bytes:
        with self.work(tenant_id) as work:
            meaning = place(tenant_id).row(b"1")
            return self.ring.seal(work, Scope.CREDENTIALS, meaning, value)

    def open_scope(self, tenant_id: UUID, sealed: bytes) -> bytes:
        with self.work(tenant_id) as work:
            meaning = place(tenant_id).row(b"1")
            return self.ring.open(work, Scope.CREDENTIALS, meaning, sealed)

    def scalar(self, statement: str, **given: object) -> object:
        engine = self.installation.superuser()
        with engine.begin() as connection:
            return connection.execute(text(statement), given).scalar()

    def change(self, statement: str, **given: object) -> int:
        engine = self.installation.superuser()
        with engine.begin() as connection:
            return connection.execute(text(statement), given).rowcount


def place(tenant_id: UUID) -> Place:
    return Place("call", tenant_id, "calls", "body")


def today(age: int = 0) -> date:
    return clock.now().date() - timedelta(days=age)


@pytest.fixture
def vault(installation: Installation) -> Vault:
    custody = make_custody(installation.settings)
    found_ring(installation.engines.keeper, custody)
    return Vault(installation, custody, Keyring(installation.engines.app, custody))


Pass = Callable[[int], None]


@pytest.fixture
def days_pass(monkeypatch: pytest.MonkeyPatch) -> Pass:
    """Shift every clock by whole days."""

    def shift(days: int) -> None:
        monkeypatch.setattr("privacy.core.clock._offset", timedelta(days=days))

    return shift
