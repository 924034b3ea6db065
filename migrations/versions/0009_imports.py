"""How far the import of a long file has come."""

from alembic import op

from migrations.ddl import tenant_table

revision = "0009_imports"
down_revision = "0008_idempotency"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE call_imports (
            tenant_id uuid NOT NULL,
            account_id uuid NOT NULL,
            file_digest bytea NOT NULL,
            position bigint NOT NULL,
            accepted bigint NOT NULL,
            duplicates bigint NOT NULL,
            expired bigint NOT NULL,
            rejected bigint NOT NULL,
            updated_at timestamptz NOT NULL,
            CONSTRAINT pk_call_imports PRIMARY KEY (tenant_id, account_id, file_digest),
            CONSTRAINT fk_call_imports_tenant_id_account_id FOREIGN KEY (tenant_id, account_id)
                REFERENCES connector_accounts (tenant_id, id)
        )
        """
    )
    tenant_table("call_imports")


def downgrade() -> None:
    op.execute("DROP TABLE call_imports")
