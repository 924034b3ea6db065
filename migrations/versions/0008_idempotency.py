"""Answers to repeatable requests, kept for a day."""

from alembic import op

from migrations.ddl import tenant_table

revision = "0008_idempotency"
down_revision = "0007_mails"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE idempotent_answers (
            tenant_id uuid NOT NULL,
            key_digest bytea NOT NULL,
            payload_digest bytea NOT NULL,
            status smallint NOT NULL,
            body bytea NOT NULL,
            expires_at timestamptz NOT NULL,
            CONSTRAINT pk_idempotent_answers PRIMARY KEY (tenant_id, key_digest)
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_idempotent_answers_tenant_id_expires_at "
        "ON idempotent_answers (tenant_id, expires_at)"
    )
    tenant_table("idempotent_answers")


def downgrade() -> None:
    op.execute("DROP TABLE idempotent_answers")
