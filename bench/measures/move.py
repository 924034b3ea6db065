"""A move to a second server under load: for how long nothing can be written, and what is lost."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bench.contexts import Context
from bench.results import Better, Goal, Result
from bench.samples import Samples
from bench.sites import PRODUCTION, Site
from connector.accounts.refs import AccountRef
from connector.calls.batches import JSON, decode_batch
from connector.calls.ingest import ingest_calls
from jobs.embedded.postgres import EmbeddedPostgres
from jobs.embedded.roles import DATABASE, MOVER, ROLES, create_mover_role, create_roles
from migrations.run import head, migrate
from privacy.core import clock
from privacy.core.db.engine import Engines
from privacy.core.db.work import SYSTEM, unit_of_work
from privacy.moves import moving
from privacy.moves.roads import Road
from privacy.moves.sides import URLS, Side
from privacy.vault.keyring import Keyring

_RATE = 200
_LOGICAL = PRODUCTION | {"wal_level": "logical", "wal_retrieve_retry_interval": "200ms"}
_CALLS = text("SELECT count(*) FROM calls")
_NO_YARDSTICK = text("DROP TABLE IF EXISTS plain_calls")
"""Other measurements leave it behind; the new server knows no such table."""


def measure(context: Context) -> Iterator[Result]:
    """The stock moves there and back; both servers share this machine."""
    site = context.site
    context.stock  # noqa: B018 - made before the clock runs
    account, _ = site.account(site.tenant())
    with site.house.engines.owner.begin() as connection:
        connection.execute(_NO_YARDSTICK)
    with _logical(site), _second(site) as road:
        began = clock.monotonic()
        done = moving.sync(road, migrate=migrate, revision=str(head()))
        synced = clock.monotonic() - began
        load = _Load(site, account)
        with load.running():
            threading.Event().wait(2)
            row = moving.switch(road, on_step=lambda _: None)
            load.goes_to(road.new.engines)
            threading.Event().wait(2)
        moving.roll_back(road, on_step=lambda _: None)
        kept = load.count(site.house.engines)
    seconds = (row.downtime_ms or 0) / 1000
    yield Result(
        f"silence of a move, {row.row_count:,} rows, {_RATE} records/s",
        f"{seconds:.1f} s",
        f"{load.taken:,} acknowledged, {kept:,} there",
        seconds,
        Goal(60, 20, Better.LOWER),
        "reading every row once on both sides, on one machine",
        notes=[f"first copy of {done.tables} tables: {synced:.0f} s; {load.refused} tries refused"],
    )
    assert kept == load.taken, "lost or doubled"


class _Load:
    """Single records at a steady rate; one that is refused is sent again, wherever it is open."""

    def __init__(self, site: Site, account: AccountRef) -> None:
        self._site, self._account = site, account
        self.goes_to(site.house.engines)
        self._samples, self._over = Samples(11), threading.Event()
        self.taken = self.refused = 0

    def goes_to(self, engines: Engines) -> None:
        """Where it sends from now on."""
        self._place = engines, Keyring(engines.app, self._site.house.custody)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Within, it sends."""
        thread = threading.Thread(target=self._send_all)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def count(self, engines: Engines) -> int:
        """Its calls."""
        tenant_id = self._account.tenant_id
        with unit_of_work(engines.app, tenant_id=tenant_id, actor=SYSTEM) as work:
            return int(work.connection.execute(_CALLS).scalar_one())

    def _send_all(self) -> None:
        begun = clock.monotonic()
        while not self._over.wait(max(0.0, begun + self.taken / _RATE - clock.monotonic())):
            body = self._samples.body(count=1)
            while not self._send(body):
                self.refused += 1
                self._over.wait(0.02)

    def _send(self, body: bytes) -> bool:
        engines, ring = self._place
        [(_, call)] = decode_batch(body, JSON).records
        try:
            with unit_of_work(engines.app, tenant_id=self._account.tenant_id, actor=SYSTEM) as work:
                ingest_calls(work, vault=ring, account=self._account, calls=[call], single=True)
        except (DBAPIError, psycopg.Error):
            return False
        self.taken += 1
        return True


@contextmanager
def _logical(site: Site) -> Iterator[None]:
    """The site's server with a log that can be followed."""
    site.house.engines.dispose()
    site.postgres.stop()
    site.postgres = EmbeddedPostgres(site.folder / "postgres", settings=_LOGICAL)
    with site.postgres:
        create_mover_role(site.postgres.admin_url, site.postgres.password_of(MOVER))
        yield
        site.house.engines.dispose()


@contextmanager
def _second(site: Site) -> Iterator[Road]:
    with EmbeddedPostgres(site.folder / "second", settings=_LOGICAL) as server:
        create_roles(server.admin_url, {role: server.password_of(role) for role in ROLES})
        create_mover_role(server.admin_url, server.password_of(MOVER))
        mover = SecretStr(site.postgres.url(MOVER, DATABASE))
        old = site.house.settings.model_copy(update={"mover_database_url": mover})
        new = old.model_copy(update={name: _url(server, name) for name in URLS})
        road = Road(Side(old), Side(new), site.house.custody)
        try:
            yield road
        finally:
            road.close()


def _url(server: EmbeddedPostgres, name: str) -> SecretStr:
    role = name.removesuffix("database_url").rstrip("_") or "app"
    return SecretStr(server.url(f"silta_{role}", DATABASE))
