"""Leadership: one scheduler works, the others stand by, and PostgreSQL says who.

An advisory lock lives as long as its session: a killed leader's is free at once. For a moment
two may believe that they lead; every tick bears that, so the lock saves work, not correctness.
"""

from contextlib import ExitStack

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from privacy.core.db.locks import AdvisoryLock

_LOCK = int(AdvisoryLock.LEADERSHIP)


class Leadership:
    """A session that holds the lock, or tries to get it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    def check(self) -> bool:
        """Whether we lead; asks for the lock where we do not. No database, no lead, no error."""
        try:
            if self._connection is None:
                return self._ask()
            self._connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            self.give_back()
            return False
        return True

    def give_back(self) -> None:
        """Lead no more; the next one takes over."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _ask(self) -> bool:
        with ExitStack() as stack:
            connection = stack.enter_context(self._engine.connect())
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            if not connection.execute(_TRY, {"lock": _LOCK}).scalar_one():
                return False
            connection.execute(_KEEP_ALIVE)
            stack.pop_all()
        self._connection = connection
        return True


_TRY = text("SELECT pg_try_advisory_lock(:lock)")
# A leader whose host vanished says no goodbye: the server finds out within half a minute.
_KEEP_ALIVE = text(
    "SELECT set_config('tcp_keepalives_idle', '10', false), "
    "set_config('tcp_keepalives_interval', '5', false), "
    "set_config('tcp_keepalives_count', '3', false)"
)
