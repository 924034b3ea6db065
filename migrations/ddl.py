"""DDL that every migration shares: the wall around a tenant table, and grants by role."""

from alembic import op
from sqlalchemy import text

BOUND_TENANT = "(SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"
LOOKUP_DIGEST = "(SELECT decode(nullif(current_setting('app.lookup_digest', true), ''), 'hex'))"
APP, RELAY, KEEPER, SEQUENCER = "silta_app", "silta_relay", "silta_keeper", "silta_sequencer"
BACKUP = "silta_backup"
NEVER_ARCHIVED = ("key_ring", "key_check", "database_home")
"""Tables whose rows no archive holds: keys come from escrow, and a restored database has to be
opened anew. The backup role may look at them, for a dump locks every table, and sees no row."""
_SEQUENCES = text(
    "SELECT s.oid::regclass::text FROM pg_depend d JOIN pg_class s ON s.oid = d.objid "
    "WHERE s.relkind = 'S' AND d.deptype IN ('a', 'i') "
    "AND d.refobjid = CAST(:table AS regclass) ORDER BY 1"
)


def tenant_table(table: str, *, app: str = "SELECT, INSERT, UPDATE, DELETE") -> None:
    """Put `table` behind its wall: row-level security, forced, for every role alike.

    The setting is read in a sub-select, so it is evaluated once a statement, not once a row.
    `app` names what the application may do; an append-only table leaves UPDATE and DELETE out.
    """
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant ON {table} USING (tenant_id = {BOUND_TENANT}) "
        f"WITH CHECK (tenant_id = {BOUND_TENANT})"
    )
    if app:
        grant(table, APP, app)
    readable_by_backups(table)


def directory_table(table: str, *, digest: str = "digest") -> None:
    """A payload-free directory: its tenant's when bound, one row when its digest is known."""
    tenant_table(table)
    op.execute(
        f"CREATE POLICY lookup ON {table} FOR SELECT TO {APP} USING ({digest} = {LOOKUP_DIGEST})"
    )


def policy_for(role: str, table: str, rights: str) -> None:
    """Let a service role see all tenants' rows of `table`, with `rights` and nothing else."""
    op.execute(f"CREATE POLICY {role} ON {table} TO {role} USING (true) WITH CHECK (true)")
    grant(table, role, rights)


def shared_table(table: str, *, reason: str) -> None:
    """A table without tenant: row-level security stays on, the reason becomes its comment."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"COMMENT ON TABLE {table} IS 'no tenant: {reason.replace(chr(39), chr(39) * 2)}'")
    readable_by_backups(table)


def readable_by_backups(table: str) -> None:
    """Let the backup role read all of `table`: under row-level security a dump is else empty."""
    grant(table, BACKUP, "SELECT")
    if table not in NEVER_ARCHIVED:
        op.execute(f"CREATE POLICY {BACKUP} ON {table} FOR SELECT TO {BACKUP} USING (true)")
    for sequence in _sequences_of(table):
        grant(f"SEQUENCE {sequence}", BACKUP, "SELECT")


def _sequences_of(table: str) -> list[str]:
    """The sequences behind the identity columns of `table`."""
    found = op.get_bind().execute(_SEQUENCES, {"table": table})
    return list(found.scalars())


def grant(table: str, role: str, rights: str) -> None:
    """GRANT, spelled once."""
    op.execute(f"GRANT {rights} ON {table} TO {role}")
