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
