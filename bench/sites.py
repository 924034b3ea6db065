"""A whole installation to measure: real servers, set as in production, everything switched on."""

import os
import secrets
import shutil
import tempfile
import uuid
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import psycopg

from connector.accounts.add import NewAccount, add_account
from connector.accounts.find import find_account
from connector.accounts.kinds import AccountKind
from connector.accounts.refs import AccountRef, ref_of
from jobs.embedded.environments import database_variables, folder_variables, redis_variables
from jobs.embedded.postgres import SUPERUSER, EmbeddedPostgres
from jobs.embedded.redis import EmbeddedRedis
from jobs.embedded.roles import DATABASE, ROLES, create_roles, libpq_url
from jobs.installation import Installation, open_installation
from migrations.run import migrate
from privacy.core.db.work import SYSTEM, UnitOfWork, unit_of_work
from privacy.core.settings import load_settings
from privacy.retention.partitions import ensure_partitions
from privacy.vault.foundings import found_ring
from tenants.tenants.create import create_tenant, ensure_installation

PRODUCTION = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
    "effective_cache_size": "4GB",
    "max_connections": "100",
}


class Site:
    """The installation, its servers, and tenants as they are asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres = EmbeddedPostgres(folder / "postgres", settings=PRODUCTION)
        self.redis = EmbeddedRedis(folder / "redis")

    @cached_property
    def house(self) -> Installation:
        """Settings, engines and keys of this process."""
        return open_installation(load_settings())

    def tenant(self, name: str = "Bench Oy") -> uuid.UUID:
        """A new tenant of the service."""
        return create_tenant(self.house.desk, name=name, services=["T"])

    def work(self, tenant_id: uuid.UUID) -> "WorkOf":
        """Units of work of one tenant."""
        return WorkOf(self.house, tenant_id)

    def account(
        self, tenant_id: uuid.UUID, kind: AccountKind = AccountKind.API, *, name: str = "Exchange"
    ) -> tuple[AccountRef, NewAccount]:
        """A new account, ready to receive."""
        with self.work(tenant_id).begin() as work:
            made = add_account(work, vault=self.house.vault, kind=kind, name=name)
            return ref_of(find_account(work, made.id)), made

    def analyse(self) -> None:
        """What autovacuum would do by and by: statistics, and no work left for it."""
        with self.admin() as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")

    def admin(self) -> psycopg.Connection[tuple[object, ...]]:
        """The superuser's connection: for yardsticks, and to look at sizes."""
        url = libpq_url(self.postgres.url(SUPERUSER, DATABASE))
        return psycopg.connect(url, autocommit=True)


class WorkOf:
    """Units of work of one tenant, one after another or in several threads."""

    def __init__(self, house: Installation, tenant_id: uuid.UUID) -> None:
        self._house, self.tenant_id = house, tenant_id

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        """One, committed at the end."""
        engine = self._house.engines.app
        with unit_of_work(engine, tenant_id=self.tenant_id, actor=SYSTEM) as work:
            yield work


@contextmanager
def open_site() -> Iterator[Site]:
    """Start servers in a temporary folder, found an installation; take all away at the end."""
    folder = Path(tempfile.mkdtemp(prefix="silta-bench-"))
    folder.chmod(0o711)
    site = Site(folder)
    try:
        with site.postgres, site.redis:
            _found(site)
            yield site
            site.house.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _found(site: Site) -> None:
    root = site.folder / "root.key"
    root.write_text(f"silta-root-1 {b64encode(secrets.token_bytes(32)).decode()}\n")
    root.chmod(0o600)
    create_roles(site.postgres.admin_url, {role: site.postgres.password_of(role) for role in ROLES})
    os.environ.update(database_variables(site.postgres))
    os.environ.update(redis_variables(site.redis))
    os.environ.update(folder_variables(site.folder, {}) | {"SILTA_LOG_LEVEL": "ERROR"})
    house = site.house
    migrate(house.engines.owner)
    found_ring(house.engines.keeper, house.custody)
    ensure_partitions(house.engines.owner, keep_days=30)
    ensure_installation(house.desk)
