"""Settings and states that the tests of the log's archive begin with."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from privacy.backups.wal.archivers import Archiver
from privacy.backups.wal.configs import Cluster, archive_command
from privacy.core.settings import Settings

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
BUCKET = "s3://log/silta?endpoint=https://s3.example.com:8443&region=eu-north-1"
CLUSTER = Cluster(Path("/var/lib/postgresql/15/main"), Path("/var/run/postgresql"), 5432)


def settings(**chosen: object) -> Settings:
    """As an operator has them, with a folder for the log."""
    given = {
        "env": "development",
        "database_url": SecretStr("postgresql+psycopg:///silta"),
        "redis_url": SecretStr("redis://127.0.0.1/0"),
        "wal_store": "/srv/log",
    }
    return Settings.model_validate(given | chosen)


def archiver(**chosen: object) -> Archiver:
    """A server that archives as it should."""
    given: dict[str, object] = {
        "mode": "on",
        "command": archive_command("silta"),
        "timeout": 60,
        "wal_level": "replica",
        "port": 5432,
        "last_archived_at": NOW,
        "lag": timedelta(seconds=40),
        "failed": 3,
        "failing": False,
    }
    return Archiver(**(given | chosen))  # type: ignore[arg-type]
