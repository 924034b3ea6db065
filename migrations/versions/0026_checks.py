"""Examinations of the promises, and figures for whoever watches the installation."""

from alembic import op

from migrations.ddl import tenant_table

revision = "0026_checks"
down_revision = "0025_exports"

_TABLES = {
    "promise_runs": """
        id uuid NOT NULL,
        at timestamptz NOT NULL,
        kept smallint NOT NULL,
        untestable smallint NOT NULL,
        broken text[] NOT NULL,
        told text[] NOT NULL,
        findings jsonb NOT NULL,
        CONSTRAINT pk_promise_runs PRIMARY KEY (tenant_id, id)
    """,
    "figures": """
        name text NOT NULL,
        about text NOT NULL,
        value double precision NOT NULL,
        at timestamptz NOT NULL,
        CONSTRAINT pk_figures PRIMARY KEY (tenant_id, name, about)
    """,
}
_INDEXES = ("CREATE INDEX ix_promise_runs_tenant_id_at ON promise_runs (tenant_id, at)",)


def upgrade() -> None:
    for table, columns in _TABLES.items():
        op.execute(f"CREATE TABLE {table} (tenant_id uuid NOT NULL, {columns})")
        tenant_table(table)
    for index in _INDEXES:
        op.execute(index)


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.execute(f"DROP TABLE {table}")
