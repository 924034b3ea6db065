"""Mails, sealed until they are sent."""

from alembic import op

from migrations.ddl import tenant_table

revision = "0007_mails"
down_revision = "0006_calls"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE mails (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            kind text NOT NULL,
            state text NOT NULL,
            to_sealed bytea NOT NULL,
            subject_sealed bytea,
            body_sealed bytea,
            attempts smallint NOT NULL DEFAULT 0,
            failure_code text,
            created_at timestamptz NOT NULL,
            sent_at timestamptz,
            expires_at timestamptz NOT NULL,
            CONSTRAINT pk_mails PRIMARY KEY (tenant_id, id),
            CONSTRAINT ck_mails_state CHECK (state IN ('waiting', 'sent', 'kept', 'failed'))
        )
        """
    )
    op.execute("CREATE INDEX ix_mails_tenant_id_expires_at ON mails (tenant_id, expires_at)")
    tenant_table("mails")


def downgrade() -> None:
    op.execute("DROP TABLE mails")
