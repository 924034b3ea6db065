"""One side of a move: a database, with engines that write where others only read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from psycopg.conninfo import make_conninfo
from pydantic import SecretStr
from sqlalchemy import Connection, Engine, make_url, text

from privacy.backups.programs import conninfo_of
from privacy.core.db.engine import Engines, make_engine
from privacy.core.settings import Settings
from privacy.moves.errors import MoveRefused

MOVER: Final = "silta_mover"
"""The role of moves: replicates, and passes by row-level security. There is one as long as a move
lasts, and no process of the service has it."""
URLS: Final = (
    "database_url",
    "owner_database_url",
    "relay_database_url",
    "keeper_database_url",
    "sequencer_database_url",
    "backup_database_url",
    "mover_database_url",
)
_WRITING: Final = "-cdefault_transaction_read_only=off"
_WHO = text("SELECT system_identifier::text || '/' || current_database() FROM pg_control_system()")


@dataclass(frozen=True)
class Side:
    """`given` are the settings of the service there."""

    given: Settings

    @cached_property
    def engines(self) -> Engines:
        """Engines by role, whose sessions write though the side is closed."""
        return Engines(self.given.model_copy(update={n: self._writing(n) for n in URLS}))

    @cached_property
    def _mover(self) -> Engine:
        url = self._writing("mover_database_url").get_secret_value()
        return make_engine(url, pooled=2)

    @contextmanager
    def mover(self) -> Iterator[Connection]:
        """As the role of moves; every statement is a transaction."""
        with self._mover.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection

    @contextmanager
    def owner(self) -> Iterator[Connection]:
        """As the owner; every statement is a transaction."""
        engine = self.engines.owner
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection

    @property
    def host(self) -> str:
        """The server's name, for people: no user, no password."""
        url = make_url(self.given.database_url.get_secret_value())
        named = url.host or str(url.query.get("host", ""))
        return "this machine" if not named or named.startswith("/") else named

    @cached_property
    def place(self) -> str:
        """Server and database; unlike every other."""
        with self.mover() as connection:
            return str(connection.execute(_WHO).scalar_one())

    @property
    def conninfo(self) -> str:
        """How the other server's replication reaches this one. Holds the mover's password."""
        return make_conninfo(**conninfo_of(self._url("mover_database_url")))

    def close(self) -> None:
        """Close every connection."""
        self.engines.dispose()
        self._mover.dispose()

    def _url(self, name: str) -> SecretStr:
        url: SecretStr | None = getattr(self.given, name)
        if url is None:
            raise MoveRefused(f"SILTA_{name.upper()} is not set, and moving needs it")
        return url

    def _writing(self, name: str) -> SecretStr:
        """Old sides are closed by a default that sessions of ours set aside."""
        url = make_url(self._url(name).get_secret_value())
        options = " ".join([*_listed(url.query.get("options", ())), _WRITING])
        whole = url.update_query_dict({"options": options})
        before, mark, query = whole.render_as_string(hide_password=False).partition("?")
        return SecretStr(before + mark + query.replace("+", "%20"))


def _listed(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value
