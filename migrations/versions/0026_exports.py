"""Archives that tenants take with them, and when the next one is made."""

from alembic import op

from migrations.ddl import tenant_table
from privacy.core.db.locks import AdvisoryLock

revision = "0026_exports"
down_revision = "0025_checks"

_OWNER = (
    "FOREIGN KEY (tenant_id, export_id) REFERENCES tenant_exports (tenant_id, id) ON DELETE CASCADE"
)
_TABLES = {
    "tenant_exports": """
        id uuid NOT NULL,
        state text NOT NULL,
        recipient text,
        scheduled boolean NOT NULL,
        made_by uuid,
        created_at timestamptz NOT NULL,
        began_at timestamptz,
        ready_at timestamptz,
        fetched_at timestamptz,
        expires_at timestamptz,
        table_now text,
        rows_total bigint NOT NULL,
        rows_done bigint NOT NULL,
        size bigint NOT NULL,
        contents jsonb NOT NULL,
        failure_code text,
        CONSTRAINT pk_tenant_exports PRIMARY KEY (tenant_id, id),
        CONSTRAINT ck_tenant_exports_state CHECK (state IN ('waiting', 'running', 'ready',
            'fetched', 'failed', 'withdrawn', 'expired'))
    """,
    "export_parts": f"""
        id uuid NOT NULL,
        export_id uuid NOT NULL,
        member integer NOT NULL,
        place integer NOT NULL,
        part_sealed bytea NOT NULL,
        CONSTRAINT pk_export_parts PRIMARY KEY (tenant_id, id),
        CONSTRAINT fk_export_parts_tenant_id_export_id {_OWNER}
    """,
    "export_day_parts": f"""
        day date NOT NULL,
        id uuid NOT NULL,
        export_id uuid NOT NULL,
        member integer NOT NULL,
        place integer NOT NULL,
        part_sealed bytea NOT NULL,
        CONSTRAINT pk_export_day_parts PRIMARY KEY (tenant_id, day, id),
        CONSTRAINT fk_export_day_parts_tenant_id_export_id {_OWNER}
    """,
    "export_schedules": """
        every_days smallint NOT NULL,
        recipient text NOT NULL,
        next_at timestamptz NOT NULL,
        set_at timestamptz NOT NULL,
        set_by uuid,
        CONSTRAINT pk_export_schedules PRIMARY KEY (tenant_id),
        CONSTRAINT ck_export_schedules_every_days CHECK (every_days BETWEEN 1 AND 366)
    """,
}
_INDEXES = (
    "CREATE INDEX ix_tenant_exports_tenant_id_created_at "
    "ON tenant_exports (tenant_id, created_at, id)",
    "CREATE INDEX ix_export_parts_tenant_id_export_id "
    "ON export_parts (tenant_id, export_id, member, place)",
    "CREATE INDEX ix_export_day_parts_tenant_id_export_id "
    "ON export_day_parts (tenant_id, export_id, member, place)",
)
_WITHDRAW = """
CREATE FUNCTION withdraw_exports() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared({lock:d}, hashtext(NEW.tenant_id::text));
    DELETE FROM export_parts WHERE tenant_id = NEW.tenant_id;
    DELETE FROM export_day_parts WHERE tenant_id = NEW.tenant_id;
    UPDATE tenant_exports SET state = CASE state WHEN 'ready' THEN 'withdrawn' ELSE 'waiting' END
    WHERE tenant_id = NEW.tenant_id AND state IN ('running', 'ready');
    RETURN NULL;
END $$
"""
"""Whoever is erased is in no archive that still lies here, by whatever path that came.

The lock: an export begins between two erasures and not in one, whose rows it would still see.
"""


def upgrade() -> None:
    for table, columns in _TABLES.items():
        op.execute(f"CREATE TABLE {table} (tenant_id uuid NOT NULL, {columns})")
        tenant_table(table)
    for index in _INDEXES:
        op.execute(index)
    op.execute(_WITHDRAW.format(lock=AdvisoryLock.EXPORTS))
    op.execute("REVOKE ALL ON FUNCTION withdraw_exports() FROM PUBLIC")
    op.execute(
        "CREATE TRIGGER withdraw_exports AFTER INSERT ON erasure_journal "
        "FOR EACH ROW EXECUTE FUNCTION withdraw_exports()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER withdraw_exports ON erasure_journal")
    op.execute("DROP FUNCTION withdraw_exports()")
    for table in reversed(_TABLES):
        op.execute(f"DROP TABLE {table}")
