"""What the engine works with: a tenant's way to the database, the keys and the network."""

import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from time import sleep
from typing import Any

from sqlalchemy import Engine

from connector.accounts.kinds import AccountKind
from connector.providers.port import Provider
from connector.providers.pulled import PROVIDERS
from connector.synced.registry import SINKS
from connector.synced.shapes import RecordKind
from connector.synced.sinks import Sink
from connector.syncs.call_sink import CALLS
from privacy.core.db.work import Actor, UnitOfWork, unit_of_work
from privacy.core.errors import NotFound
from privacy.vault.keyring import Keyring

ALL_SINKS: Mapping[RecordKind, Sink] = {**SINKS, RecordKind.CALLS: CALLS}


@dataclass(frozen=True, slots=True)
class Station:
    """One tenant's. Use cases of it open units of work themselves: between them is the network.

    Args:
        loopback: whether this machine may be asked (development only).
        pause, outbound: for tests: how to wait, and more arguments of the client.
    """

    engine: Engine
    vault: Keyring
    tenant_id: uuid.UUID
    actor: Actor
    loopback: bool = False
    providers: Mapping[AccountKind, Provider] = field(default_factory=lambda: PROVIDERS, repr=False)
    sinks: Mapping[RecordKind, Sink] = field(default_factory=lambda: ALL_SINKS, repr=False)
    pause: Callable[[float], None] = field(default=sleep, repr=False)
    outbound: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def work(self) -> AbstractContextManager[UnitOfWork]:
        """A unit of work of the tenant."""
        return unit_of_work(self.engine, tenant_id=self.tenant_id, actor=self.actor)

    def provider(self, kind: AccountKind) -> Provider:
        """The provider of a kind. Raises NotFound for a kind that is not asked."""
        found = self.providers.get(kind)
        if found is None:
            raise NotFound("Systems of this kind are not asked.")
        return found
