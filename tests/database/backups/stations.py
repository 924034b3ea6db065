"""An installation that is archived, lost and restored."""

import shutil
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import pytest
from pydantic import SecretStr

from jobs.commands import backups, drills, wal
from jobs.embedded.roles import DRILL, create_drill_role
from jobs.installation import Installation as Opened
from jobs.yards import yard_of
from privacy.backups.depots import Depot
from privacy.backups.run import Yard, run_backup
from privacy.backups.seals import make_identity
from privacy.backups.shelves import Shelved
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.settings import Settings
from privacy.ledger.sequencer import sequence
from tests.installations import Installation, make_installation
from tests.servers import Servers
from tests.tenancies import House
from wsgi import main

ROLES = ("database", "owner", "relay", "keeper", "sequencer", "backup")


class Station:
    """Everything of it lies below `folder`; `outside` is what survives the machine."""

    def __init__(self, servers: Servers, database: str, folder: Path, **chosen: object) -> None:
        self.servers, self.folder = servers, folder
        self.outside = folder / "outside"
        self.outside.mkdir()
        self.identity = folder / "recovery.txt"
        self.public = make_identity(self.identity)
        given: dict[str, object] = {
            "backup_store": str(self.outside / "store"),
            "backup_recipients": self.public,
            "escrow_bundle_folder": self.outside / "bundles",
            "escrow_epoch_folder": self.outside / "epochs",
            "anchor_folder": self.outside / "anchors",
        }
        self.made: Installation = make_installation(servers, database, folder, **given | chosen)
        self.house = House(self.made)
        self.opened = Opened(self.made.settings)

    @property
    def settings(self) -> Settings:
        return self.made.settings

    @property
    def store(self) -> Path:
        """Where the archives' objects are files."""
        return self.outside / "store"

    @cached_property
    def depot(self) -> Depot:
        return Depot.of(self.settings, self.opened.signer.identity)

    def yard(self, *more: uuid.UUID) -> Yard:
        """As the job has it, with tenants that no directory names."""
        yard = yard_of(self.opened)
        tenants = [INSTALLATION_ID, self.house.alice.id, *more]
        return replace(yard, source=replace(yard.source, tenants=tenants))

    def archive(self, *, part_bytes: int = 64_000) -> Shelved:
        """One archive, now."""
        made = run_backup(self.yard(), force=True, part_bytes=part_bytes)
        assert made is not None
        return made

    def chain(self) -> None:
        """As the scheduler does each second."""
        while sequence(self.opened.engines.sequencer, self.opened.signer, self.opened.anchors):
            pass

    @contextmanager
    def elsewhere(self, **chosen: object) -> Iterator[Settings]:
        """An empty database, and nothing of the old machine but root key and age identity."""
        name = self.servers.create_database()
        fresh = self.folder / name
        fresh.mkdir()
        urls = {
            f"{role}_database_url" if role != "database" else "database_url": SecretStr(
                self.servers.url(f"silta_{role if role != 'database' else 'app'}", name)
            )
            for role in ROLES
        }
        settings = self.settings.model_copy(update=urls | {"keys_folder": fresh / "keys"} | chosen)
        try:
            yield settings
        finally:
            shutil.rmtree(fresh)
            self.servers.drop_database(name)

    def drilling(self, **chosen: object) -> Settings:
        """As the drill's process has it: a key and a role of its own."""
        admin = self.servers.admin_url("postgres")
        password = self.servers.postgres.password_of(DRILL)
        create_drill_role(admin, password)
        update = {
            "drill_database_url": SecretStr(self.servers.url(DRILL, "postgres")),
            "drill_identity_file": self.identity,
        }
        return self.settings.model_copy(update=update | chosen)

    def close(self) -> None:
        self.opened.close()


class Silta:
    """`silta …` in this process, against settings that a test names."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._patch, self._capsys = monkeypatch, capsys

    def __call__(self, settings: Settings, *words: str, code: int = 0) -> str:
        """What it says; one line on standard error when it refuses."""
        opened = Opened(settings)
        for module in (backups, drills, wal):
            self._patch.setattr(module, "open_installation", lambda: opened)
        self._patch.setattr(sys, "argv", ["silta", *words])
        try:
            with pytest.raises(SystemExit) as ended:
                main()
        finally:
            opened.close()
        said = self._capsys.readouterr()
        assert ended.value.code == code, said.out + said.err
        assert code != 2 or said.err.count("\n") == 1
        return said.err if code == 2 else said.out
