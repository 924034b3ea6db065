"""Count every table and partition, and digest its rows, in one snapshot.

The digest is PostgreSQL's own hash of each row, combined by XOR: it knows no order, costs one
reading, and is the same in a restored copy on the same major version. It tells loss from
wholeness; against forgery stand the ciphertext's digest and the manifest's signature.
"""

import uuid
from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, Engine, text

from privacy.backups.errors import RowsUnseen
from privacy.backups.manifests import Tally

NEVER_ARCHIVED: Final = ("key_ring", "key_check", "database_home")
"""Tables whose rows no archive holds; migrations.ddl lets the backup role see none of them."""

_TABLES = text(
    "SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' "
    "AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname"
)
_UNSEEN = text(
    "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p') "
    "AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'alembic_version' "
    "AND NOT c.relname = ANY (:kept_out) AND NOT (has_table_privilege(c.oid, 'SELECT') "
    "AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd = 'r' "
    "AND p.polpermissive AND pg_get_expr(p.polqual, p.polrelid) = 'true' "
    "AND p.polroles = ARRAY[(SELECT oid FROM pg_roles WHERE rolname = current_user)])"
    "AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND NOT p.polpermissive))"
)
_READABLE = text(
    "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition "
    "AND c.relnamespace = 'public'::regnamespace AND c.relname = ANY (:empty) "
    "AND has_table_privilege(c.oid, 'SELECT') ORDER BY c.relname"
)
_PARENTS = text(
    "SELECT p.relname AS parent, c.relname AS child FROM pg_inherits i "
    "JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent "
    "WHERE p.relkind = 'p' AND p.relnamespace = 'public'::regnamespace"
)
_BIND = text("SELECT set_config('app.tenant_id', :tenant, true)")


def check_coverage(connection: Connection) -> None:
    """Whether this role may read every row of every table (backup).

    Raises:
        RowsUnseen: a table has no policy for it, or takes it away again.
    """
    unseen = connection.execute(_UNSEEN, {"kept_out": list(NEVER_ARCHIVED)}).scalars().all()
    if unseen:
        raise RowsUnseen


def take_tallies(connection: Connection, *, digests: bool = True) -> dict[str, Tally]:
    """Rows of each table and partition as this connection sees them."""
    names = [n for n in connection.execute(_TABLES).scalars() if n not in NEVER_ARCHIVED]
    return {name: _tally(connection, name, digests) for name in names}


def check_nothing_hidden(
    app: Engine, tallies: dict[str, Tally], *, snapshot: str, tenants: Iterable[uuid.UUID]
) -> None:
    """Look into what the backup role found empty as the application does, tenant by tenant, in
    the same snapshot: another way through another wall.

    Raises:
        RowsUnseen: there are rows where none were counted.
    """
    with app.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        _join(connection, snapshot)
        empty = _empty_parents(connection, tallies)
        readable = connection.execute(_READABLE, {"empty": empty}).scalars().all()
        if not readable:
            return
        # Names are the catalogue's own.
        any_row = text("SELECT " + " OR ".join(f'EXISTS (SELECT FROM "{n}")' for n in readable))
        for tenant in tenants:
            connection.execute(_BIND, {"tenant": str(tenant)})
            if connection.execute(any_row).scalar_one():
                raise RowsUnseen


def _join(connection: Connection, snapshot: str) -> None:
    # SET TRANSACTION takes no parameters; set_config is too late for it.
    if not snapshot.replace("-", "").isalnum():
        raise ValueError("not a snapshot")
    connection.exec_driver_sql(f"SET TRANSACTION SNAPSHOT '{snapshot}'")


def _empty_parents(connection: Connection, tallies: dict[str, Tally]) -> list[str]:
    parent_of = {row.child: row.parent for row in connection.execute(_PARENTS)}
    counted: dict[str, int] = dict.fromkeys(parent_of.values(), 0)
    for name, tally in tallies.items():
        parent = parent_of.get(name, name)
        counted[parent] = counted.get(parent, 0) + tally.rows
    return [name for name, rows in counted.items() if not rows]


def _tally(connection: Connection, table: str, digests: bool) -> Tally:
    digest = "coalesce(bit_xor(hash_record_extended(t, 0)), 0)" if digests else "0"
    counted = connection.execute(text(f'SELECT count(*), {digest} FROM ONLY "{table}" t')).one()
    return Tally(counted[0], counted[1])
