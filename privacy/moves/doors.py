"""Close a side: it reads and writes nothing. One row of the catalogue, so it survives everything.

The database's default becomes read-only and every session that began before is ended: those that
rest at once, those at work after a short grace. What was acknowledged is committed then, and
nothing else ever will be; whoever writes is told 25006, which the web answers with 503.
"""

from datetime import datetime
from time import sleep
from typing import Final

from sqlalchemy import Connection, text

from privacy.core import clock
from privacy.moves.errors import MoveRefused
from privacy.moves.orders import order
from privacy.moves.sides import MOVER, Side

GRACE: Final = 2.0
"""Seconds that transactions in progress are given."""
_PATIENCE: Final = 15.0
_STEP: Final = 0.02
_NAME = text("SELECT current_database()")
_IS_CLOSED = text(
    "SELECT EXISTS (SELECT FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase "
    "WHERE d.datname = current_database() AND s.setrole = 0 "
    "AND 'default_transaction_read_only=on' = ANY (s.setconfig))"
)
_CLOCK = text("SELECT clock_timestamp()")
_OLDER = text(
    "SELECT a.pid, a.state = 'idle' AS rests FROM pg_stat_activity a "
    "JOIN pg_roles r ON r.oid = a.usesysid WHERE a.datname = current_database() "
    "AND a.backend_type = 'client backend' AND a.backend_start <= :moment "
    f"AND a.usename <> '{MOVER}' AND NOT r.rolsuper"
)
_END = text("SELECT pg_terminate_backend(:pid)")


def is_closed(side: Side) -> bool:
    """Whether nobody can write there."""
    with side.mover() as connection:
        return bool(connection.execute(_IS_CLOSED).scalar_one())


def close(side: Side, *, grace: float = GRACE) -> None:
    """Let nobody write any more; returns when nobody does. Harmless when repeated.

    Raises:
        MoveRefused: somebody cannot be sent away.
    """
    _set(side, "ALTER DATABASE {} SET default_transaction_read_only = on")
    with side.mover() as connection:
        moment: datetime = connection.execute(_CLOCK).scalar_one()
        begun = clock.monotonic()
        while older := connection.execute(_OLDER, {"moment": moment}).all():
            waited = clock.monotonic() - begun
            if waited > _PATIENCE:
                raise MoveRefused(f"{len(older)} sessions on the closed side do not end.")
            _send_away(connection, [row.pid for row in older if row.rests or waited > grace])
            sleep(_STEP)
    side.engines.dispose()


def reopen(side: Side) -> None:
    """Let everybody write again. Sessions that were opened meanwhile are ended: they only read."""
    _set(side, "ALTER DATABASE {} RESET default_transaction_read_only")
    with side.mover() as connection:
        moment = connection.execute(_CLOCK).scalar_one()
        older = connection.execute(_OLDER, {"moment": moment}).all()
        _send_away(connection, [row.pid for row in older])
    # Ours are among them.
    side.engines.dispose()


def _set(side: Side, what: str) -> None:
    with side.owner() as connection:
        order(connection, what, connection.execute(_NAME).scalar_one())


def _send_away(connection: Connection, pids: list[int]) -> None:
    for pid in pids:
        connection.execute(_END, {"pid": pid})
