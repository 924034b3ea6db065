"""Disclosures, breaches and processors."""

from alembic import op

from migrations.ddl import tenant_table

revision = "0023_registers"
down_revision = "0022_rights"

_OF_BREACH = """FOREIGN KEY (tenant_id, breach_id)
            REFERENCES breaches (tenant_id, id) ON DELETE CASCADE"""
_TABLES = {
    "disclosures": (
        """
        id uuid NOT NULL,
        service text NOT NULL,
        ground text NOT NULL,
        reason text,
        state text NOT NULL,
        fields text[] NOT NULL,
        said_sealed bytea NOT NULL,
        preview_digest bytea,
        at timestamptz,
        recorded_at timestamptz NOT NULL,
        recorded_by uuid,
        ends_on date NOT NULL,
        CONSTRAINT pk_disclosures PRIMARY KEY (tenant_id, id),
        CONSTRAINT ck_disclosures_ground CHECK (ground IN ('authority', 'court', 'consent',
            'agreement', 'registry')),
        CONSTRAINT ck_disclosures_reason CHECK (reason IN ('unlawful_acts', 'fraud', 'safety',
            'breach_of_terms', 'law')),
        CONSTRAINT ck_disclosures_state CHECK (state IN ('previewed', 'made')),
        CONSTRAINT ck_disclosures_fields CHECK (cardinality(fields) > 0),
        CONSTRAINT ck_disclosures_made CHECK ((state = 'made') = (at IS NOT NULL))
        """,
        "SELECT, INSERT, UPDATE, DELETE",
    ),
    "disclosure_tokens": (
        """
        token bytea NOT NULL,
        disclosure_id uuid NOT NULL,
        CONSTRAINT pk_disclosure_tokens PRIMARY KEY (tenant_id, token, disclosure_id),
        CONSTRAINT fk_disclosure_tokens_tenant_id_disclosure_id
            FOREIGN KEY (tenant_id, disclosure_id)
            REFERENCES disclosures (tenant_id, id) ON DELETE CASCADE
        """,
        "SELECT, INSERT, DELETE",
    ),
    "breaches": (
        """
        id uuid NOT NULL,
        origin_id uuid,
        service text NOT NULL,
        role text NOT NULL,
        risk text NOT NULL,
        audience text NOT NULL,
        drill boolean NOT NULL,
        tables text[] NOT NULL,
        tenants uuid[] NOT NULL,
        people integer,
        what_sealed bytea NOT NULL,
        discovered_at timestamptz NOT NULL,
        recorded_at timestamptz NOT NULL,
        recorded_by uuid,
        authority_due_at timestamptz NOT NULL,
        users_due_at timestamptz,
        controllers_told_at timestamptz,
        authority_told_at timestamptz,
        users_asked_at timestamptz,
        users_told_at timestamptz,
        reminded_at timestamptz,
        closed_at timestamptz,
        CONSTRAINT pk_breaches PRIMARY KEY (tenant_id, id),
        CONSTRAINT uq_breaches_tenant_id_origin_id UNIQUE (tenant_id, origin_id),
        CONSTRAINT ck_breaches_role CHECK (role IN ('controller', 'processor')),
        CONSTRAINT ck_breaches_risk CHECK (risk IN ('unassessed', 'none', 'risk', 'high')),
        CONSTRAINT ck_breaches_audience CHECK (audience IN ('nobody', 'people', 'registrants'))
        """,
        "SELECT, INSERT, UPDATE",
    ),
    "breach_notes": (
        f"""
        id uuid NOT NULL,
        breach_id uuid NOT NULL,
        kind text NOT NULL,
        text_sealed bytea NOT NULL,
        at timestamptz NOT NULL,
        noted_by uuid,
        CONSTRAINT pk_breach_notes PRIMARY KEY (tenant_id, id),
        CONSTRAINT fk_breach_notes_tenant_id_breach_id {_OF_BREACH},
        CONSTRAINT ck_breach_notes_kind
            CHECK (kind IN ('assessment', 'authority', 'users', 'closed'))
        """,
        "SELECT, INSERT, UPDATE (text_sealed)",
    ),
    "breach_tellings": (
        f"""
        breach_id uuid NOT NULL,
        person_id uuid NOT NULL,
        at timestamptz NOT NULL,
        CONSTRAINT pk_breach_tellings PRIMARY KEY (tenant_id, breach_id, person_id),
        CONSTRAINT fk_breach_tellings_tenant_id_breach_id {_OF_BREACH}
        """,
        "SELECT, INSERT, DELETE",
    ),
    "processors": (
        """
        id uuid NOT NULL,
        change_id uuid,
        service text NOT NULL,
        name text NOT NULL,
        role text NOT NULL,
        country text NOT NULL,
        runs text NOT NULL,
        transfer text NOT NULL,
        transfer_valid_until date,
        assessed_on date,
        assessment_url text,
        statement_url text NOT NULL,
        agreement_url text NOT NULL,
        fields text[] NOT NULL,
        state text NOT NULL,
        announced_at timestamptz NOT NULL,
        effective_on date NOT NULL,
        objected_at timestamptz,
        ended_at timestamptz,
        CONSTRAINT pk_processors PRIMARY KEY (tenant_id, id),
        CONSTRAINT uq_processors_tenant_id_change_id UNIQUE (tenant_id, change_id),
        CONSTRAINT ck_processors_state CHECK (state IN ('announced', 'active', 'ended')),
        CONSTRAINT ck_processors_transfer CHECK (transfer IN ('eu_eea', 'adequacy',
            'standard_clauses', 'eu_privacy_shield', 'swiss_privacy_shield')),
        CONSTRAINT ck_processors_runs CHECK (runs IN ('server', 'browser')),
        CONSTRAINT ck_processors_fields CHECK (cardinality(fields) > 0)
        """,
        "SELECT, INSERT, UPDATE",
    ),
}
_INDEXES = (
    "CREATE INDEX ix_disclosures_tenant_id_ends_on ON disclosures (tenant_id, ends_on)",
    "CREATE INDEX ix_disclosure_tokens_tenant_id_disclosure_id "
    "ON disclosure_tokens (tenant_id, disclosure_id)",
    "CREATE INDEX ix_breaches_tenant_id_discovered_at ON breaches (tenant_id, discovered_at)",
    "CREATE INDEX ix_breach_notes_tenant_id_breach_id ON breach_notes (tenant_id, breach_id)",
    "CREATE INDEX ix_processors_tenant_id_service ON processors (tenant_id, service)",
)


def upgrade() -> None:
    for table, (columns, rights) in _TABLES.items():
        op.execute(f"CREATE TABLE {table} (tenant_id uuid NOT NULL, {columns})")
        tenant_table(table, app=rights)
    for index in _INDEXES:
        op.execute(index)


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.execute(f"DROP TABLE {table}")
