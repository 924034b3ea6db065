"""An installation that moves: the old server is everybody's, the new one is made for these."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path

import psycopg
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import NullPool

from connector.app import create_app
from jobs.embedded.postgres import SUPERUSER, EmbeddedPostgres
from jobs.embedded.roles import (
    DATABASE,
    MOVER,
    ROLES,
    create_mover_role,
    create_roles,
    libpq_url,
)
from jobs.installation import Installation as Opened
from migrations.run import head, migrate
from privacy.core.db.engine import Engines
from privacy.core.settings import Settings
from privacy.moves import moving
from privacy.moves.handovers import Step
from privacy.moves.links import Progress
from privacy.moves.models import MoveRow
from privacy.moves.roads import Road, Stage
from privacy.moves.sides import URLS, Side
from privacy.vault.keyring import Keyring
from tests.functional.console.town import Town
from tests.installations import Installation
from tests.servers import _FAST

MORE = {
    "max_sync_workers_per_subscription": "6",
    "max_logical_replication_workers": "10",
    # A table that finds no worker free is tried again after so long.
    "wal_retrieve_retry_interval": "50ms",
}
PASSWORD = "half%of{this}'is'quoted"
"""Of the mover, which stands in a subscription's connection string."""


class Killed(BaseException):
    """As a kill would end it: no cleanup of ours sees it."""


def second_server(folder: Path) -> EmbeddedPostgres:
    """The new server, with the service's roles and an empty database."""
    server = EmbeddedPostgres(folder / "pg", settings=_FAST | MORE)
    server.start()
    create_roles(server.admin_url, {role: server.password_of(role) for role in ROLES})
    return server


class Moving:
    """Both sides, and the acts of a move."""

    def __init__(self, town: Town, server: EmbeddedPostgres) -> None:
        self.town, self.server = town, server
        self.installed: Installation = town.house.installation
        postgres = self.installed.servers.postgres
        create_mover_role(postgres.admin_url, PASSWORD, database=self.installed.database)
        create_mover_role(server.admin_url, server.password_of(MOVER))
        # As in production: what waits to be flushed is not sent, and the tests' servers take time.
        with self.old_eyes.begin() as connection:
            name = self.installed.database
            connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = on"))
        mover = SecretStr(postgres.url_for(MOVER, PASSWORD, self.installed.database))
        self.old = self.installed.settings.model_copy(update={"mover_database_url": mover})
        self.new = self.old.model_copy(update={name: self._url(name) for name in URLS})
        self._made: list[Engines | Opened] = []
        self.road = Road(Side(self.old), Side(self.new), town.house.custody)

    def _url(self, name: str) -> SecretStr:
        role = name.removesuffix("database_url").rstrip("_") or "app"
        return SecretStr(self.server.url(f"silta_{role}", DATABASE))

    def sync(self, on_progress: Callable[[Progress], None] = lambda _: None) -> Progress:
        return moving.sync(
            self.road,
            migrate=migrate,
            revision=str(head()),
            on_progress=on_progress,
            look_every=0.1,
        )

    def switch(
        self, on_step: Callable[[Step], None] = lambda _: None, *, seconds: float = 60
    ) -> MoveRow:
        longest = timedelta(seconds=seconds)
        return moving.switch(self.road, on_step=on_step, longest=longest)

    def roll_back(self, on_step: Callable[[Step], None] = lambda _: None) -> None:
        moving.roll_back(self.road, on_step=on_step)

    def finish(self) -> None:
        moving.finish(self.road)

    @property
    def stage(self) -> Stage:
        return self.road.stage()

    def app_on(self, settings: Settings) -> Flask:
        """The real application, as a process of that side has it."""
        engines = Engines(settings)
        self._made.append(engines)
        ring = Keyring(engines.app, self.town.house.custody)
        desk = replace(self.town.desk, engine=engines.app, ring=ring)
        return create_app(
            settings=settings,
            engines=engines,
            desk=desk,
            secret=secrets.token_bytes(32),
            revision=head(),
        )

    @cached_property
    def old_eyes(self) -> Engine:
        """The superuser's, on the old side."""
        return self.installed.superuser()

    @cached_property
    def new_eyes(self) -> Engine:
        """The superuser's, on the new side."""
        return create_engine(self.server.url(SUPERUSER, DATABASE), poolclass=NullPool)

    def opened(self, settings: Settings) -> Opened:
        """As a command has it."""
        opened = Opened(settings)
        self._made.append(opened)
        return opened

    def go_home(self) -> None:
        """Leave nothing on the servers."""
        if self.stage is not Stage.NONE:
            self.roll_back()
        self.road.close()
        for made in self._made:
            (made.close if isinstance(made, Opened) else made.dispose)()
        with psycopg.connect(libpq_url(self.server.admin_url), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)".encode())
        create_roles(self.server.admin_url, {r: self.server.password_of(r) for r in ROLES})
        self._drop_mover()

    def _drop_mover(self) -> None:
        """It is there as long as a move lasts."""
        admin = libpq_url(self.installed.servers.admin_url(self.installed.database))
        writes = "-cdefault_transaction_read_only=off"
        with psycopg.connect(admin, autocommit=True, options=writes) as connection:
            connection.execute(f"DROP OWNED BY {MOVER}".encode())
            connection.execute(f"DROP ROLE {MOVER}".encode())


def kill_at(step: Step) -> Callable[[Step], None]:
    """Kill the run when it tells `step`."""

    def act(told: Step) -> None:
        if told is step:
            raise Killed

    return act


def digests(engine: Engine, left_out: tuple[str, ...]) -> dict[str, str]:
    """Every table past every wall, row by row, by another way than the service's own."""
    names = text(
        "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition "
        "AND c.relnamespace = 'public'::regnamespace AND NOT c.relname = ANY (:out) ORDER BY 1"
    )
    with engine.connect() as connection:
        found = connection.execute(names, {"out": list(left_out)}).scalars().all()
        return {name: _digest(connection, name) for name in found}


def _digest(connection: Connection, name: str) -> str:
    rows = "string_agg(t::text, ';' ORDER BY t::text)"
    query = f"SELECT count(*) || md5(coalesce({rows}, '')) FROM {name} t"
    return str(connection.execute(text(query)).scalar_one())
