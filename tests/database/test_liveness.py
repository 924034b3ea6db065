"""Connections that died in the pool are replaced before anybody gets them."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from privacy.core.db import liveness
from privacy.core.db.engine import make_engine
from tests.installations import Installation

_SELF = text("SELECT pg_backend_pid()")


def backend(engine: Engine) -> int:
    with engine.begin() as connection:
        return int(connection.execute(_SELF).scalar_one())


@pytest.fixture
def engine(installation: Installation) -> Iterator[Engine]:
    """An engine with one connection, which is nobody else's."""
    url = installation.settings.database_url.get_secret_value()
    made = make_engine(url, pooled=1, most=1)
    yield made
    made.dispose()


def test_a_connection_that_the_server_ended_is_replaced(
    installation: Installation, engine: Engine
) -> None:
    first = backend(engine)
    assert backend(engine) == first
    with installation.superuser().begin() as admin:
        admin.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": first})
    assert backend(engine) != first


def test_a_connection_that_rested_long_is_asked(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = backend(engine)
    monkeypatch.setattr(liveness, "RESTED_SECONDS", -1.0)
    assert backend(engine) == first
    monkeypatch.setattr(liveness, "_answers", lambda _: False)
    assert backend(engine) != first
