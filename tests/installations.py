"""A whole installation for one test: a database of its own, folders, keys, settings."""

import secrets
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Engine, text

from privacy.core.db.engine import Engines
from privacy.core.settings import Settings
from tests.pools import POOLS
from tests.servers import Servers


@dataclass(frozen=True)
class Installation:
    """What a test holds: settings as an operator would give them, engines, and the superuser."""

    settings: Settings
    engines: Engines
    servers: Servers
    database: str
    folder: Path

    def superuser(self) -> Engine:
        """An engine past every wall, to look at what is really stored."""
        return POOLS.superuser(self.servers.admin_url(self.database))

    def count(self, table: str) -> int:
        """Rows of `table` over all tenants."""
        engine = self.superuser()
        with engine.connect() as connection:
            return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def make_installation(
    servers: Servers, database: str, folder: Path, **chosen: object
) -> Installation:
    """Settings for `database`, with a fresh root key and every folder below `folder`."""
    root = folder / "root.key"
    if not root.exists():
        root.write_text(f"silta-root-1 {b64encode(secrets.token_bytes(32)).decode()}\n")
        root.chmod(0o600)
    given: dict[str, object] = {
        "env": "development",
        "database_url": SecretStr(servers.url("silta_app", database)),
        "owner_database_url": SecretStr(servers.url("silta_owner", database)),
        "relay_database_url": SecretStr(servers.url("silta_relay", database)),
        "keeper_database_url": SecretStr(servers.url("silta_keeper", database)),
        "sequencer_database_url": SecretStr(servers.url("silta_sequencer", database)),
        "backup_database_url": SecretStr(servers.url("silta_backup", database)),
        "redis_url": SecretStr(servers.redis_url),
        "root_key_file": root,
        "keys_folder": folder / "keys",
        "escrow_bundle_folder": folder / "escrow" / "bundles",
        "escrow_epoch_folder": folder / "escrow" / "epochs",
        "anchor_folder": folder / "anchors",
    }
    settings = Settings.model_validate(given | chosen)
    return Installation(settings, Engines(settings), servers, database, folder)
