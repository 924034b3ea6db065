"""Examinations, figures, advisories, baselines, checks, stale data; who was asked for longer."""

from alembic import op

from migrations.ddl import tenant_table

revision = "0025_checks"
down_revision = "0024_backups"

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
    "advisories": """
        id uuid NOT NULL,
        source text NOT NULL,
        key text NOT NULL,
        package text NOT NULL,
        installed text NOT NULL,
        fixed text,
        urgent boolean NOT NULL,
        first_seen_at timestamptz NOT NULL,
        last_seen_at timestamptz NOT NULL,
        due_on date NOT NULL,
        owner_id uuid,
        owned_at timestamptz,
        outcome text NOT NULL,
        reasons text,
        settled_at timestamptz,
        settled_by uuid,
        CONSTRAINT pk_advisories PRIMARY KEY (tenant_id, id),
        CONSTRAINT uq_advisories_tenant_id_source_key_package
            UNIQUE (tenant_id, source, key, package),
        CONSTRAINT ck_advisories_source CHECK (source IN ('python', 'debian')),
        CONSTRAINT ck_advisories_outcome CHECK (outcome IN ('open', 'fixed', 'not_affected',
            'accepted', 'gone'))
    """,
    "baselines": """
        name text NOT NULL,
        digest bytea NOT NULL,
        accepted_at timestamptz NOT NULL,
        accepted_by uuid,
        CONSTRAINT pk_baselines PRIMARY KEY (tenant_id, name)
    """,
    "check_runs": """
        id uuid NOT NULL,
        name text NOT NULL,
        at timestamptz NOT NULL,
        passed boolean NOT NULL,
        facts jsonb NOT NULL,
        CONSTRAINT pk_check_runs PRIMARY KEY (tenant_id, id),
        CONSTRAINT ck_check_runs_name CHECK (name IN ('configuration', 'stale_data', 'promises',
            'advisories_python', 'advisories_debian'))
    """,
    "stale_findings": """
        id uuid NOT NULL,
        contact_id uuid NOT NULL,
        rule text NOT NULL,
        found_at timestamptz NOT NULL,
        decision text,
        decided_at timestamptz,
        decided_by uuid,
        CONSTRAINT pk_stale_findings PRIMARY KEY (tenant_id, id),
        CONSTRAINT uq_stale_findings_tenant_id_contact_id_rule
            UNIQUE (tenant_id, contact_id, rule),
        CONSTRAINT ck_stale_findings_rule CHECK (rule IN ('bounced', 'vat_id', 'missing', 'idle')),
        CONSTRAINT ck_stale_findings_decision
            CHECK (decision IN ('erased', 'supplemented', 'needed'))
    """,
}
_INDEXES = (
    "CREATE INDEX ix_promise_runs_tenant_id_at ON promise_runs (tenant_id, at)",
    "CREATE INDEX ix_check_runs_tenant_id_name_at ON check_runs (tenant_id, name, at)",
)


def upgrade() -> None:
    for table, columns in _TABLES.items():
        op.execute(f"CREATE TABLE {table} (tenant_id uuid NOT NULL, {columns})")
        tenant_table(table)
    for index in _INDEXES:
        op.execute(index)
    op.execute(
        "ALTER TABLE inquiries ADD COLUMN asked_at timestamptz, ADD COLUMN ask_digest bytea, "
        "ADD COLUMN longer_since timestamptz"
    )
    op.execute(
        "CREATE INDEX ix_inquiries_tenant_id_ask_digest ON inquiries (tenant_id, ask_digest)"
    )


def downgrade() -> None:
    op.execute("DROP INDEX ix_inquiries_tenant_id_ask_digest")
    op.execute(
        "ALTER TABLE inquiries DROP COLUMN asked_at, DROP COLUMN ask_digest, "
        "DROP COLUMN longer_since"
    )
    for table in reversed(_TABLES):
        op.execute(f"DROP TABLE {table}")
