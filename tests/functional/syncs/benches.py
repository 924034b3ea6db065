"""An account of Alice's at Netvisor's simulator, and the engine over it."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from connector.accounts.connections import AccountConnection
from connector.accounts.find import find_account
from connector.accounts.models import ConnectorAccount
from connector.accounts.pending import connection_of
from connector.outbound.client import Limits
from connector.providers.netvisor.provider import NETVISOR
from connector.syncs.draft_account import draft_account
from connector.syncs.models import AccountStream, SyncRun
from connector.syncs.run_account import run_account
from connector.syncs.run_stream import Ended
from connector.syncs.stations import Station
from connector.syncs.streams import list_streams
from connector.syncs.try_account import Tested, try_account
from privacy.core import clock
from privacy.core.db.work import SYSTEM
from tests.functional.netvisor.worlds import World, world
from tests.tenancies import House, Tenancy

LIMITS = Limits(connect_seconds=5, idle_seconds=5, total_seconds=10)


@dataclass
class Engine:
    """One tenant's engine, the simulator, and what the client would have paused."""

    tenant: Tenancy
    world: World
    station: Station
    paused: list[float] = field(default_factory=list)

    @property
    def credential(self) -> dict[str, str]:
        keys = self.world.desk.keys
        return {
            "customer_id": keys.customer_id,
            "customer_key": keys.customer_key,
            "partner_id": keys.partner_id,
            "partner_key": keys.partner_key,
            "organisation_id": keys.organisation_id,
            "base_url": self.world.url,
        }

    def draft(self, name: str = "Books", **changes: str) -> uuid.UUID:
        """A draft with the simulator's credential."""
        with self.tenant.work() as work:
            return draft_account(
                work,
                vault=self.tenant.vault,
                provider=NETVISOR,
                name=name,
                credential=self.credential | changes,
            )

    def connected(self) -> uuid.UUID:
        """An account that works; nothing is read yet."""
        account_id = self.draft()
        assert self.test(account_id).worked
        return account_id

    def test(self, account_id: uuid.UUID, **said: Any) -> Tested:
        """A test call."""
        return try_account(self.station, account_id=account_id, patience=20.0, **said)

    def run(self, account_id: uuid.UUID) -> dict[str, Ended]:
        """Read what is due."""
        return {e.stream: e for e in run_account(self.station, account_id=account_id)}

    def account(self, account_id: uuid.UUID) -> ConnectorAccount:
        with self.tenant.work() as work:
            return find_account(work, account_id)

    def connection(self, account_id: uuid.UUID) -> AccountConnection:
        with self.tenant.work() as work:
            return connection_of(work, account_id)

    def streams(self, account_id: uuid.UUID) -> Mapping[str, AccountStream]:
        with self.tenant.work() as work:
            return {row.stream: row for row in list_streams(work, account_id)}

    def runs(self) -> list[SyncRun]:
        with self.tenant.work() as work:
            found = work.session.query(SyncRun).order_by(SyncRun.started_at, SyncRun.id).all()
            return list(found)

    def events(self, name: str = "") -> list[tuple[str, dict[str, Any]]]:
        """Ledger events of all tenants, by the end of their names."""
        house = House.__new__(House)
        house.installation = self.tenant.installation
        rows = house.rows("SELECT event, facts FROM ledger_events ORDER BY at, id")
        return [(str(e), f) for e, f in rows if str(e).endswith(name)]  # type: ignore[misc]

    def later(self, **by: float) -> None:
        """Let time pass, everywhere."""
        clock.set_offset(clock.offset() + timedelta(**by))


@contextmanager
def engine(tenant: Tenancy, customers: int = 12, **said: Any) -> Iterator[Engine]:
    """For the length of a block; the clock goes back at its end."""
    before = clock.offset()
    try:
        with world(customers=customers, **said) as made:
            station = Station(
                tenant.installation.engines.app,
                tenant.vault,
                tenant.id,
                SYSTEM,
                loopback=True,
                pause=lambda _: None,
                outbound={"limits": LIMITS},
            )
            yield Engine(tenant, made, station)
    finally:
        clock.set_offset(before)
