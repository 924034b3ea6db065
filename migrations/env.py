"""Alembic's environment: one connection as the owner, one migration at a time.

Short lock and statement timeouts keep a migration from standing in front of the traffic; an
advisory lock keeps two of them from running at once.
"""

from alembic import context
from sqlalchemy import Connection, text

from migrations.metadata import metadata
from privacy.core.db.locks import AdvisoryLock

_LOCK = int(AdvisoryLock.MIGRATION)
_TIMEOUTS = ("SET lock_timeout = '4s'", "SET statement_timeout = '60s'")


def _run(connection: Connection) -> None:
    # Waiting for another migration is in nobody's way: the timeouts begin after it.
    connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
    for timeout in _TIMEOUTS:
        connection.execute(text(timeout))
    connection.commit()
    context.configure(
        connection=connection, target_metadata=metadata, transaction_per_migration=True
    )
    try:
        with context.begin_transaction():
            context.run_migrations()
    finally:
        connection.rollback()
        for setting in ("lock_timeout", "statement_timeout"):
            connection.execute(text(f"RESET {setting}"))
        connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
        connection.commit()


_run(context.config.attributes["connection"])
