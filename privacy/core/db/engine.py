"""Engines: one for each database role. Built after a fork, never before."""

from dataclasses import dataclass
from functools import cached_property

from pydantic import SecretStr
from sqlalchemy import Engine, create_engine

from privacy.core.db.liveness import check_liveness
from privacy.core.errors import Misconfigured
from privacy.core.settings import Settings

POOLED, MOST = 8, 16
"""Connections that an engine keeps open, and that it has at most."""


def make_engine(url: str, *, pooled: int = POOLED, most: int = MOST) -> Engine:
    """An engine that keeps parameters out of logs and errors (they can be personal data)."""
    engine = create_engine(
        url,
        pool_size=pooled,
        max_overflow=most - pooled,
        pool_recycle=1800,
        hide_parameters=True,
        connect_args={"application_name": "silta", "connect_timeout": 10},
    )
    check_liveness(engine)
    return engine


@dataclass(frozen=True)
class Engines:
    """The roles' engines, made when first used: a process holds only what it needs."""

    settings: Settings

    @cached_property
    def app(self) -> Engine:
        """Web and tasks: row-level security, one tenant at a time.

        A thread holds one of these connections at most, and so does an answer that is sent in
        parts (half as many, see jobs.edge), so none waits while others have theirs. What the
        vault needs meanwhile comes from a pool of its own (see RingAccess).
        """
        url = self.settings.database_url.get_secret_value()
        threads = self.settings.web_threads
        return make_engine(url, most=max(MOST, threads + threads // 2 + 2))

    @cached_property
    def owner(self) -> Engine:
        """Schema and partitions."""
        return self._role("OWNER", self.settings.owner_database_url)

    @cached_property
    def relay(self) -> Engine:
        """The outbox's envelope, of all tenants."""
        return self._role("RELAY", self.settings.relay_database_url)

    @cached_property
    def keeper(self) -> Engine:
        """The key ring, of all tenants."""
        return self._role("KEEPER", self.settings.keeper_database_url)

    @cached_property
    def sequencer(self) -> Engine:
        """The ledger's chain, of all tenants."""
        return self._role("SEQUENCER", self.settings.sequencer_database_url)

    @cached_property
    def backup(self) -> Engine:
        """Everything but keys, of all tenants, to read and nothing else."""
        return self._role("BACKUP", self.settings.backup_database_url)

    def dispose(self) -> None:
        """Close every connection of this process."""
        for name in ("app", "owner", "relay", "keeper", "sequencer", "backup"):
            if name in self.__dict__:
                self.__dict__[name].dispose()

    def _role(self, name: str, url: SecretStr | None) -> Engine:
        if url is None:
            raise Misconfigured(f"SILTA_{name}_DATABASE_URL is not set, and this process needs it")
        return make_engine(url.get_secret_value())
