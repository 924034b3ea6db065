"""What both servers must offer: version, log, slots, workers, roles, room."""

import shutil
from typing import Any, Final

from sqlalchemy import Row, text

from privacy.moves.errors import MoveRefused
from privacy.moves.sides import MOVER, Side

OLDEST: Final = 16
"""Since then a role that is no superuser may subscribe (pg_create_subscription)."""
SENDERS: Final = 3
"""One for the link and two for first copies (max_sync_workers_per_subscription)."""
_GIGA: Final = 2**30
_SPARE: Final = 1.3
_SERVER = text(
    "SELECT current_setting('server_version_num')::int / 10000 AS major, "
    "current_setting('wal_level') AS wal_level, "
    "current_setting('max_replication_slots')::int "
    "- (SELECT count(*) FROM pg_replication_slots) AS slots, "
    "current_setting('max_wal_senders')::int "
    "- (SELECT count(*) FROM pg_stat_replication) AS senders, "
    "current_setting('max_logical_replication_workers')::int AS workers, "
    "current_setting('data_directory') AS folder, "
    "pg_database_size(current_database()) AS size"
)
_MAY = text(
    "SELECT r.rolreplication AND r.rolbypassrls AND NOT r.rolsuper "
    "AND has_database_privilege(current_database(), 'CREATE') AND (SELECT bool_and("
    "pg_has_role(current_user, p.oid, 'USAGE')) FROM pg_roles p WHERE p.rolname IN ('pg_monitor', "
    "'pg_read_all_data', 'pg_write_all_data', 'pg_signal_backend', 'pg_create_subscription')) "
    "FROM pg_roles r WHERE r.rolname = current_user"
)
_ROLES = text(
    "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, "
    "rolcanlogin FROM pg_roles WHERE starts_with(rolname, 'silta_') "
    f"AND rolname NOT IN ('silta_drill', '{MOVER}')"
)
_WEAK = text(
    "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition "
    "AND c.relnamespace = 'public'::regnamespace AND (c.relpersistence = 'u' OR NOT EXISTS "
    "(SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p')) ORDER BY 1"
)


_FOREIGN = text(
    "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition "
    "AND relnamespace = 'public'::regnamespace AND NOT relrowsecurity "
    "AND relname <> 'alembic_version' ORDER BY 1"
)
"""Every table of the service's own has row-level security."""


def check_versions(old: Side, new: Side) -> None:
    """Never to an older one. Raises MoveRefused."""
    there, here = _server(old).major, _server(new).major
    if min(there, here) < OLDEST:
        raise MoveRefused(
            f"Both servers need PostgreSQL {OLDEST} or newer; one is {min(there, here)}."
        )
    if here < there:
        raise MoveRefused(f"The new server is PostgreSQL {here}, older than the old one's {there}.")


def check_log(old: Side, new: Side) -> None:
    """Both, for the way back begins on the new one. Raises MoveRefused."""
    for name, side in (("old", old), ("new", new)):
        if (level := _server(side).wal_level) != "logical":
            raise MoveRefused(
                f"The {name} server has wal_level = {level}: set it to logical and restart it."
            )


def check_slots(old: Side, new: Side) -> None:
    """Room for the link and its first copies. Raises MoveRefused."""
    for name, side in (("old", old), ("new", new)):
        server = _server(side)
        if min(server.slots, server.senders) < SENDERS:
            raise MoveRefused(
                f"The {name} server has {min(server.slots, server.senders)} replication slots or "
                f"senders left: raise max_replication_slots and max_wal_senders by {SENDERS}."
            )
        if server.workers < SENDERS:
            raise MoveRefused(
                f"The {name} server has max_logical_replication_workers = {server.workers}: "
                f"{SENDERS} are needed."
            )


def check_mover(old: Side, new: Side) -> None:
    """The role of moves, on both. Raises MoveRefused."""
    for name, side in (("old", old), ("new", new)):
        with side.mover() as connection:
            if not connection.execute(_MAY).scalar_one():
                raise MoveRefused(
                    f"The mover of the {name} server lacks rights: run mover.sql there."
                )


def check_roles(old: Side, new: Side) -> None:
    """The service's own, alike. Raises MoveRefused."""
    there, here = _roles(old), _roles(new)
    if missing := sorted(there.keys() - here.keys()):
        raise MoveRefused(f"The new server lacks {', '.join(missing)}: run roles.sql there.")
    if unlike := sorted(name for name in there if there[name] != here[name]):
        raise MoveRefused(f"{', '.join(unlike)} may more or less on the new server: see roles.sql.")


def check_tables(old: Side) -> None:
    """What cannot be replicated, and what the new side would not know. Raises MoveRefused."""
    with old.mover() as connection:
        weak = connection.execute(_WEAK).scalars().all()
        foreign = connection.execute(_FOREIGN).scalars().all()
    if foreign:
        raise MoveRefused(
            f"{', '.join(foreign)} in the schema public is not of this service: take it away."
        )
    if weak:
        raise MoveRefused(f"{', '.join(weak)} cannot be replicated: no primary key, or unlogged.")


def check_room(old: Side, new: Side, *, room: float | None) -> float:
    """Whether the new server's disk takes it. Returns what is needed, in GiB.

    Args:
        room: free GiB there, as the operator says; a server does not tell, unless it is here.

    Raises:
        MoveRefused: there is too little, or nobody knows.
    """
    needed = float(_server(old).size) * _SPARE / _GIGA
    free = room if room is not None else _free_here(new)
    if free is None:
        raise MoveRefused(f"{needed:.1f} GiB are needed on the new server: say --room, in GiB.")
    if free < needed:
        raise MoveRefused(f"{needed:.1f} GiB are needed on the new server, {free:.1f} are free.")
    return needed


def _free_here(side: Side) -> float | None:
    if side.host != "this machine":
        return None
    try:
        return shutil.disk_usage(_server(side).folder).free / _GIGA
    except OSError:
        return None


def _server(side: Side) -> Row[Any]:
    with side.mover() as connection:
        return connection.execute(_SERVER).one()


def _roles(side: Side) -> dict[str, tuple[object, ...]]:
    with side.mover() as connection:
        return {row[0]: tuple(row[1:]) for row in connection.execute(_ROLES)}
