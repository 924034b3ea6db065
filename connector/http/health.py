"""Whether the process lives, and whether it can serve: /healthz and /readyz.

Redis is reported and not required: without it everything but background work goes on.
"""

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, Response, jsonify
from redis import Redis
from sqlalchemy import text

from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM, unit_of_work
from privacy.core.logs import get_log
from privacy.vault.labels import Index
from tenants.http.access import public
from tenants.http.services import services

health = Blueprint("health", __name__)
_log = get_log("web")


@health.get("/healthz")
@public("says only that the process answers")
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@health.get("/readyz")
@public("says yes or no for each thing that is needed, and nothing about it")
def readyz() -> tuple[Response, int]:
    """Database reachable and migrated, keys open; Redis for information."""
    checks = {name: _holds(name, check) for name, check in NEEDED.items()}
    ready = all(checks.values())
    told = {name: "ok" if good else "failing" for name, good in checks.items()}
    told["redis"] = "ok" if _holds("redis", _redis_answers) else "away (not required)"
    return jsonify(status="ready" if ready else "not ready", checks=told), 200 if ready else 503


def _database_answers() -> bool:
    with services().engines.app.connect() as connection:
        return bool(connection.execute(text("SELECT 1")).scalar_one())


def _database_is_migrated() -> bool:
    with services().engines.app.connect() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found is not None and found == services().revision


def _database_takes_writes() -> bool:
    """Not while it moves to another server."""
    with services().engines.app.connect() as connection:
        return bool(connection.execute(_READ_ONLY).scalar_one() == "off")


def _keys_open() -> bool:
    made = services()
    with unit_of_work(made.engines.app, tenant_id=INSTALLATION_ID, actor=SYSTEM) as work:
        made.vault.tenant_index(work, Index.EMAIL)
    return True


def _redis_answers() -> bool:
    url = services().settings.redis_url.get_secret_value()
    with Redis.from_url(url, socket_connect_timeout=0.3, socket_timeout=0.3) as redis:
        return bool(redis.ping())


_READ_ONLY: Final = text("SHOW transaction_read_only")

NEEDED: Final[dict[str, Callable[[], bool]]] = {
    "database": _database_answers,
    "writes": _database_takes_writes,
    "migrations": _database_is_migrated,
    "keys": _keys_open,
}


def _holds(name: str, check: Callable[[], Any]) -> bool:
    """A failing check is an answer, whatever it failed with."""
    try:
        return bool(check())
    except Exception as error:  # noqa: BLE001
        _log.warning("not_ready", step=name, error=type(error).__name__)
        return False
