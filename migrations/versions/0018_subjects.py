"""Requests of data subjects."""

from alembic import op

from migrations.ddl import APP, tenant_table

revision = "0018_subjects"
down_revision = "0017_mappings"

_OWNER = """FOREIGN KEY (tenant_id, request_id)
            REFERENCES subject_requests (tenant_id, id) ON DELETE CASCADE"""
_TABLES = {
    "subject_requests": """
        id uuid NOT NULL,
        reference text NOT NULL,
        service text NOT NULL,
        kind text NOT NULL,
        channel text NOT NULL,
        state text NOT NULL,
        country text NOT NULL,
        language text NOT NULL,
        person_sealed bytea NOT NULL,
        wish_sealed bytea,
        answer_sealed bytea,
        extension_sealed bytea,
        trail_sealed bytea,
        email_token bytea,
        phone_token bytea,
        received_at timestamptz NOT NULL,
        recorded_at timestamptz NOT NULL,
        recorded_by uuid,
        due_on date NOT NULL,
        extended_at timestamptz,
        verified_at timestamptz,
        verified_by uuid,
        method text,
        proven text[] NOT NULL,
        code_digest bytea,
        code_for text,
        code_expires_at timestamptz,
        code_tries smallint NOT NULL,
        codes_sent smallint NOT NULL,
        ground text,
        mail_id uuid,
        decided_at timestamptz,
        fetched_at timestamptz,
        closed_at timestamptz,
        told_on date,
        ends_on date,
        certificate text,
        CONSTRAINT pk_subject_requests PRIMARY KEY (tenant_id, id),
        CONSTRAINT uq_subject_requests_tenant_id_reference UNIQUE (tenant_id, reference),
        CONSTRAINT ck_subject_requests_kind CHECK (kind IN ('access', 'portability', 'erasure',
            'rectification', 'restriction', 'objection')),
        CONSTRAINT ck_subject_requests_channel
            CHECK (channel IN ('form', 'letter', 'email', 'telephone')),
        CONSTRAINT ck_subject_requests_state CHECK (state IN ('received', 'verifying', 'running',
            'partly_done', 'done', 'refused', 'closed')),
        CONSTRAINT ck_subject_requests_method
            CHECK (method IN ('code', 'call_back', 'documents', 'in_person')),
        CONSTRAINT ck_subject_requests_ground CHECK (ground IN ('unfounded', 'excessive',
            'not_identified', 'rights_of_others', 'legal_obligation', 'legal_claims')),
        CONSTRAINT ck_subject_requests_code_for CHECK (code_for IN ('identity', 'result'))
    """,
    "subject_steps": f"""
        request_id uuid NOT NULL,
        place smallint NOT NULL,
        phase text NOT NULL,
        holder text NOT NULL,
        state text NOT NULL,
        found integer NOT NULL,
        retained integer NOT NULL,
        because text,
        until date,
        attempts smallint NOT NULL,
        failure_code text,
        done_at timestamptz,
        done_by uuid,
        CONSTRAINT pk_subject_steps PRIMARY KEY (tenant_id, request_id, place),
        CONSTRAINT fk_subject_steps_tenant_id_request_id {_OWNER},
        CONSTRAINT ck_subject_steps_phase CHECK (phase IN ('collect', 'erase', 'manual', 'rescan',
            'certify', 'answer')),
        CONSTRAINT ck_subject_steps_state
            CHECK (state IN ('waiting', 'done', 'retained', 'failed')),
        CONSTRAINT ck_subject_steps_because CHECK (because IN ('accounting_obligation', 'claims',
            'evidence_of_consent', 'suppression', 'evidence_of_requests', 'answers_being_sent'))
    """,
    "subject_parts": f"""
        id uuid NOT NULL,
        request_id uuid NOT NULL,
        holder text NOT NULL,
        expires_at timestamptz NOT NULL,
        part_sealed bytea NOT NULL,
        CONSTRAINT pk_subject_parts PRIMARY KEY (tenant_id, id),
        CONSTRAINT fk_subject_parts_tenant_id_request_id {_OWNER}
    """,
    "subject_day_parts": f"""
        day date NOT NULL,
        id uuid NOT NULL,
        request_id uuid NOT NULL,
        holder text NOT NULL,
        expires_at timestamptz NOT NULL,
        part_sealed bytea NOT NULL,
        CONSTRAINT pk_subject_day_parts PRIMARY KEY (tenant_id, day, id),
        CONSTRAINT fk_subject_day_parts_tenant_id_request_id {_OWNER}
    """,
}
_INDEXES = (
    "CREATE INDEX ix_subject_requests_tenant_id_due_on ON subject_requests (tenant_id, due_on)",
    "CREATE INDEX ix_subject_requests_tenant_id_email_token "
    "ON subject_requests (tenant_id, email_token)",
    "CREATE INDEX ix_subject_requests_tenant_id_phone_token "
    "ON subject_requests (tenant_id, phone_token)",
    "CREATE INDEX ix_subject_parts_tenant_id_request_id ON subject_parts (tenant_id, request_id)",
    "CREATE INDEX ix_subject_parts_tenant_id_expires_at ON subject_parts (tenant_id, expires_at)",
    "CREATE INDEX ix_subject_day_parts_tenant_id_request_id "
    "ON subject_day_parts (tenant_id, request_id)",
    "CREATE INDEX ix_subject_day_parts_tenant_id_expires_at "
    "ON subject_day_parts (tenant_id, expires_at)",
)


def upgrade() -> None:
    for table, columns in _TABLES.items():
        op.execute(f"CREATE TABLE {table} (tenant_id uuid NOT NULL, {columns})")
        tenant_table(table)
    for index in _INDEXES:
        op.execute(index)
    # The evidence of a consent whose person was erased ends by itself.
    op.execute("ALTER TABLE consents ADD COLUMN ends_on date")
    op.execute(f"GRANT UPDATE (ends_on) ON consents TO {APP}")
    op.execute("CREATE INDEX ix_consents_tenant_id_ends_on ON consents (tenant_id, ends_on)")


def downgrade() -> None:
    op.execute("DROP INDEX ix_consents_tenant_id_ends_on")
    op.execute("ALTER TABLE consents DROP COLUMN ends_on")
    for table in reversed(_TABLES):
        op.execute(f"DROP TABLE {table}")
