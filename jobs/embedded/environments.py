"""The `SILTA_…` variables that lead a process to the embedded servers, or to the operator's own."""

import os
import shlex
from collections.abc import Mapping
from pathlib import Path

from jobs.embedded.errors import StackError
from jobs.embedded.postgres import EmbeddedPostgres
from jobs.embedded.redis import EmbeddedRedis
from jobs.embedded.roles import APP, BACKUP, DATABASE, KEEPER, OWNER, RELAY, SEQUENCER
from privacy.vault.folders import write_durably

DATABASE_URLS = {
    "SILTA_DATABASE_URL": APP,
    "SILTA_OWNER_DATABASE_URL": OWNER,
    "SILTA_RELAY_DATABASE_URL": RELAY,
    "SILTA_KEEPER_DATABASE_URL": KEEPER,
    "SILTA_SEQUENCER_DATABASE_URL": SEQUENCER,
    "SILTA_BACKUP_DATABASE_URL": BACKUP,
}
DEFAULT_BIND = "127.0.0.1:8000"
DEFAULT_METRICS_BIND = "127.0.0.1:9187"


def own_database(env: Mapping[str, str]) -> bool:
    """Whether the operator names a PostgreSQL of their own; then all six roles need a URL."""
    named = [name for name in DATABASE_URLS if env.get(name)]
    missing = [name for name in DATABASE_URLS if not env.get(name)]
    if named and missing:
        raise StackError(f"{named[0]} is set, so set {', '.join(missing)} too (or none of them).")
    return bool(named)


def own_redis(env: Mapping[str, str]) -> bool:
    """Whether the operator names a Redis of their own."""
    return bool(env.get("SILTA_REDIS_URL"))


def database_variables(postgres: EmbeddedPostgres) -> dict[str, str]:
    """Return the URLs of the embedded database, one a role."""
    return {name: postgres.url(role, DATABASE) for name, role in DATABASE_URLS.items()}


def redis_variables(redis: EmbeddedRedis) -> dict[str, str]:
    """Return the URL of the embedded Redis."""
    return {"SILTA_REDIS_URL": redis.url}


def folder_variables(folder: Path, env: Mapping[str, str]) -> dict[str, str]:
    """Return where the rest lies below `folder`, as far as `env` does not say otherwise."""
    bind = env.get("SILTA_BIND") or DEFAULT_BIND
    defaults = {
        "SILTA_ENV": "development",
        "SILTA_BIND": bind,
        "SILTA_METRICS_BIND": DEFAULT_METRICS_BIND,
        "SILTA_PUBLIC_URL": f"http://{bind}",
        "SILTA_ROOT_KEY_FILE": str(folder / "root.key"),
        "SILTA_KEYS_FOLDER": str(folder / "keys"),
        "SILTA_ESCROW_BUNDLE_FOLDER": str(folder / "escrow" / "bundles"),
        "SILTA_ESCROW_EPOCH_FOLDER": str(folder / "escrow" / "epochs"),
        "SILTA_ANCHOR_FOLDER": str(folder / "anchors"),
        "TZ": "UTC",
        "PYTHONUNBUFFERED": "1",
    }
    if env.get("SILTA_ROOT_KEY"):
        del defaults["SILTA_ROOT_KEY_FILE"]
    return {name: env.get(name) or value for name, value in defaults.items()}


def write_environment(path: Path, env: Mapping[str, str]) -> None:
    """Keep what commands need (0600), for a shell: `set -a; . var/environment`."""
    chosen = {name: env[name] for name in sorted(env) if name.startswith("SILTA_")}
    lines = [f"{name}={shlex.quote(value)}\n" for name, value in chosen.items()]
    write_durably(path, "".join(lines).encode())


def check_root_key(env: Mapping[str, str]) -> None:
    """Stop with one line when there is a root key file that we may not read."""
    name = env.get("SILTA_ROOT_KEY_FILE")
    if name and Path(name).exists() and not os.access(name, os.R_OK):
        raise StackError(
            f"The root key file {name} cannot be read: give it to the user you run as, mode 0600 "
            f"(chown and chmod 600 {name})."
        )
