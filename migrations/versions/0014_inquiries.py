"""Inquiries and registrations."""

from alembic import op

from migrations.ddl import directory_table, tenant_table

revision = "0014_inquiries"
down_revision = "0013_registers"

_TABLES = {
    "web_forms": """
        id uuid NOT NULL,
        key text NOT NULL,
        service text NOT NULL,
        purpose text NOT NULL,
        channel text NOT NULL,
        name text NOT NULL,
        language text NOT NULL,
        origins text[] NOT NULL,
        fields text[] NOT NULL,
        required text[] NOT NULL,
        notice_url text NOT NULL,
        conditions_url text,
        conditions_version text,
        level_url text,
        level_version text,
        version integer NOT NULL,
        answers_to_sealed bytea,
        created_at timestamptz NOT NULL,
        closed_at timestamptz,
        CONSTRAINT pk_web_forms PRIMARY KEY (tenant_id, id),
        CONSTRAINT ck_web_forms_purpose CHECK (purpose IN ('inquiry', 'registration')),
        CONSTRAINT ck_web_forms_channel CHECK (channel IN ('form', 'order_form', 'callback'))
    """,
    "spent_challenges": """
        digest bytea NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT pk_spent_challenges PRIMARY KEY (tenant_id, digest)
    """,
    "inquiries": """
        id uuid NOT NULL,
        service text NOT NULL,
        form_id uuid,
        channel text NOT NULL,
        channel_name text,
        state text NOT NULL,
        reference text NOT NULL,
        notice text,
        contact_sealed bytea NOT NULL,
        email_digest bytea,
        telephone_digest bytea,
        consent_at timestamptz,
        opened_at timestamptz NOT NULL,
        last_message_at timestamptz NOT NULL,
        ends_on date NOT NULL,
        CONSTRAINT pk_inquiries PRIMARY KEY (tenant_id, id),
        CONSTRAINT uq_inquiries_tenant_id_reference UNIQUE (tenant_id, reference),
        CONSTRAINT ck_inquiries_state CHECK (state IN ('open', 'answered', 'closed', 'spam')),
        CONSTRAINT ck_inquiries_channel CHECK (channel IN ('form', 'order_form', 'callback',
            'chat', 'ticket', 'telephone', 'unofficial')),
        CONSTRAINT ck_inquiries_unofficial CHECK (channel <> 'unofficial'
            OR (channel_name IS NOT NULL AND consent_at IS NOT NULL))
    """,
    "inquiry_messages": """
        id uuid NOT NULL,
        inquiry_id uuid NOT NULL,
        way text NOT NULL,
        author_id uuid,
        mail_id uuid,
        text_sealed bytea NOT NULL,
        at timestamptz NOT NULL,
        CONSTRAINT pk_inquiry_messages PRIMARY KEY (tenant_id, id),
        CONSTRAINT fk_inquiry_messages_tenant_id_inquiry_id FOREIGN KEY (tenant_id, inquiry_id)
            REFERENCES inquiries (tenant_id, id) ON DELETE CASCADE,
        CONSTRAINT ck_inquiry_messages_way CHECK (way IN ('in', 'out', 'note'))
    """,
    "registrants": """
        id uuid NOT NULL,
        form_id uuid NOT NULL,
        service text NOT NULL,
        email_digest bytea,
        login_digest bytea,
        details_sealed bytea NOT NULL,
        details_version integer NOT NULL,
        password_sealed bytea,
        password_version integer NOT NULL,
        state text NOT NULL,
        check_state text NOT NULL,
        created_at timestamptz NOT NULL,
        confirmed_at timestamptz,
        closed_at timestamptz,
        ends_on date,
        CONSTRAINT pk_registrants PRIMARY KEY (tenant_id, id),
        CONSTRAINT uq_registrants_tenant_id_email_digest UNIQUE (tenant_id, email_digest),
        CONSTRAINT uq_registrants_tenant_id_login_digest UNIQUE (tenant_id, login_digest),
        CONSTRAINT ck_registrants_state CHECK (state IN ('unconfirmed', 'active', 'closed')),
        CONSTRAINT ck_registrants_check_state
            CHECK (check_state IN ('unchecked', 'asked', 'right', 'doubtful'))
    """,
    "registrant_sessions": """
        id uuid NOT NULL,
        registrant_id uuid NOT NULL,
        token_digest bytea NOT NULL,
        created_at timestamptz NOT NULL,
        seen_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT pk_registrant_sessions PRIMARY KEY (tenant_id, id),
        CONSTRAINT uq_registrant_sessions_tenant_id_token_digest UNIQUE (tenant_id, token_digest),
        CONSTRAINT fk_registrant_sessions_tenant_id_registrant_id
            FOREIGN KEY (tenant_id, registrant_id)
            REFERENCES registrants (tenant_id, id) ON DELETE CASCADE
    """,
    "registrant_links": """
        id uuid NOT NULL,
        registrant_id uuid NOT NULL,
        digest bytea NOT NULL,
        purpose text NOT NULL,
        expires_at timestamptz NOT NULL,
        used_at timestamptz,
        CONSTRAINT pk_registrant_links PRIMARY KEY (tenant_id, id),
        CONSTRAINT uq_registrant_links_tenant_id_digest UNIQUE (tenant_id, digest),
        CONSTRAINT fk_registrant_links_tenant_id_registrant_id
            FOREIGN KEY (tenant_id, registrant_id)
            REFERENCES registrants (tenant_id, id) ON DELETE CASCADE,
        CONSTRAINT ck_registrant_links_purpose CHECK (purpose IN ('confirm', 'reset'))
    """,
    "registrant_agreements": """
        id uuid NOT NULL,
        registrant_id uuid NOT NULL,
        term text NOT NULL,
        term_version text NOT NULL,
        evidence_sealed bytea NOT NULL,
        accepted_at timestamptz NOT NULL,
        CONSTRAINT pk_registrant_agreements PRIMARY KEY (tenant_id, id),
        CONSTRAINT uq_registrant_agreements_terms
            UNIQUE (tenant_id, registrant_id, term, term_version),
        CONSTRAINT fk_registrant_agreements_tenant_id_registrant_id
            FOREIGN KEY (tenant_id, registrant_id)
            REFERENCES registrants (tenant_id, id) ON DELETE CASCADE
    """,
    "registration_checks": """
        id uuid NOT NULL,
        registrant_id uuid NOT NULL,
        method text NOT NULL,
        outcome text NOT NULL,
        note_sealed bytea,
        checked_by uuid,
        at timestamptz NOT NULL,
        CONSTRAINT pk_registration_checks PRIMARY KEY (tenant_id, id),
        CONSTRAINT fk_registration_checks_tenant_id_registrant_id
            FOREIGN KEY (tenant_id, registrant_id)
            REFERENCES registrants (tenant_id, id) ON DELETE CASCADE,
        CONSTRAINT ck_registration_checks_outcome CHECK (outcome IN ('right', 'asked', 'doubtful'))
    """,
}
_DIRECTORY = """
    CREATE TABLE web_form_directory (
        tenant_id uuid NOT NULL,
        digest bytea NOT NULL,
        form_id uuid NOT NULL,
        CONSTRAINT pk_web_form_directory PRIMARY KEY (tenant_id, digest),
        CONSTRAINT fk_web_form_directory_tenant_id_form_id FOREIGN KEY (tenant_id, form_id)
            REFERENCES web_forms (tenant_id, id)
    )
"""
_LOGS = """
    CREATE TABLE inquiry_logs (
        tenant_id uuid NOT NULL,
        day date NOT NULL,
        id uuid NOT NULL,
        inquiry_id uuid NOT NULL,
        sealed bytea NOT NULL,
        CONSTRAINT pk_inquiry_logs PRIMARY KEY (tenant_id, day, id)
    ) PARTITION BY LIST (day)
"""
_INDEXES = (
    # Looked up before a tenant is known, so this one index leads with the digest.
    "CREATE INDEX ix_web_form_directory_digest ON web_form_directory (digest)",
    "CREATE INDEX ix_spent_challenges_tenant_id_expires_at "
    "ON spent_challenges (tenant_id, expires_at)",
    "CREATE INDEX ix_inquiries_tenant_id_last_message_at "
    "ON inquiries (tenant_id, last_message_at, id)",
    "CREATE INDEX ix_inquiries_tenant_id_email_digest ON inquiries (tenant_id, email_digest)",
    "CREATE INDEX ix_inquiries_tenant_id_telephone_digest "
    "ON inquiries (tenant_id, telephone_digest)",
    "CREATE INDEX ix_inquiries_tenant_id_ends_on ON inquiries (tenant_id, ends_on)",
    "CREATE INDEX ix_inquiry_messages_tenant_id_inquiry_id "
    "ON inquiry_messages (tenant_id, inquiry_id)",
    "CREATE INDEX ix_inquiry_logs_tenant_id_inquiry_id ON inquiry_logs (tenant_id, inquiry_id)",
    "CREATE INDEX ix_registrants_tenant_id_created_at ON registrants (tenant_id, created_at, id)",
    "CREATE INDEX ix_registrants_tenant_id_ends_on ON registrants (tenant_id, ends_on)",
    "CREATE INDEX ix_registrant_sessions_tenant_id_registrant_id "
    "ON registrant_sessions (tenant_id, registrant_id)",
    "CREATE INDEX ix_registration_checks_tenant_id_registrant_id "
    "ON registration_checks (tenant_id, registrant_id)",
)


def upgrade() -> None:
    for table, columns in _TABLES.items():
        op.execute(f"CREATE TABLE {table} (tenant_id uuid NOT NULL, {columns})")
        tenant_table(table)
    op.execute(_DIRECTORY)
    directory_table("web_form_directory")
    op.execute(_LOGS)
    tenant_table("inquiry_logs")
    for index in _INDEXES:
        op.execute(index)
    # Where an answer to a mail goes, when it is a person who wrote it.
    op.execute("ALTER TABLE mails ADD COLUMN reply_to_sealed bytea")


def downgrade() -> None:
    op.execute("ALTER TABLE mails DROP COLUMN reply_to_sealed")
    op.execute("DROP TABLE inquiry_logs")
    op.execute("DROP TABLE web_form_directory")
    for table in reversed(_TABLES):
        op.execute(f"DROP TABLE {table}")
