"""A scratch database: made for a drill, dropped after it, with the walls of the real one."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from pydantic import SecretStr
from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.pool import NullPool

from privacy.core.db.engine import make_engine
from privacy.core.errors import Misconfigured

_PREFIX: Final = "silta_drill_"
_LEFT = text("SELECT datname FROM pg_database WHERE starts_with(datname, :prefix)")
_TABLES = text(
    "SELECT c.relname, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid "
    "AND a.attname = 'tenant_id' AND NOT a.attisdropped) AS owned FROM pg_class c "
    "WHERE c.relrowsecurity AND NOT c.relispartition "
    "AND c.relnamespace = 'public'::regnamespace"
)
_SEES_ALL: Final = "-capp.drill=all"


@dataclass(frozen=True, slots=True)
class Scratch:
    """`engine` sees one tenant at a time, as the application does; `whole` sees all of them."""

    url: SecretStr
    engine: Engine
    whole: Engine

    def raise_walls(self) -> None:
        """Let the drill's role pass where the service's own roles would: it owns the tables, and
        their row-level security is forced."""
        with self.engine.begin() as connection:
            for table, owned in connection.execute(_TABLES).all():
                seen = "current_setting('app.drill', true) = 'all'" if owned else "true"
                connection.execute(
                    text(
                        f'CREATE POLICY drill ON "{table}" TO CURRENT_USER '
                        f"USING ({seen}) WITH CHECK ({seen})"
                    )
                )


@contextmanager
def scratch_database(server: SecretStr) -> Iterator[Scratch]:
    """An empty database on `server`, whose role may create them; gone at the end.

    Raises:
        Misconfigured: the role may not, or the server does not answer.
    """
    name = _PREFIX + secrets.token_hex(6)
    admin = create_engine(server.get_secret_value(), poolclass=NullPool, hide_parameters=True)
    try:
        with _admin(admin) as connection:
            _sweep(connection)
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE template0'))
    except (OperationalError, ProgrammingError):
        raise Misconfigured(
            "SILTA_DRILL_DATABASE_URL: the server does not answer, or the role may not create "
            "databases there"
        ) from None
    url = make_url(server.get_secret_value()).set(database=name)
    plain, whole = _text(url), _text(url.update_query_dict({"options": _SEES_ALL}))
    scratch = Scratch(SecretStr(plain), make_engine(plain), make_engine(whole))
    try:
        yield scratch
    finally:
        scratch.engine.dispose()
        scratch.whole.dispose()
        with _admin(admin) as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


def _text(url: URL) -> str:
    """libpq reads `+` in a query as a plus, not as a space: spaces become %20."""
    before, mark, query = url.render_as_string(hide_password=False).partition("?")
    return before + mark + query.replace("+", "%20")


@contextmanager
def _admin(engine: Engine) -> Iterator[Connection]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection


def _sweep(connection: Connection) -> None:
    """What killed drills left. One drill at a time, so none of them is in use."""
    for name in connection.execute(_LEFT, {"prefix": _PREFIX}).scalars().all():
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
