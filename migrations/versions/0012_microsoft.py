"""Change notifications that Microsoft sends."""

from alembic import op

from migrations.ddl import directory_table

revision = "0012_microsoft"
down_revision = "0011_syncs"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE change_watches (
            tenant_id uuid NOT NULL,
            digest bytea NOT NULL,
            account_id uuid NOT NULL,
            outside_id text NOT NULL,
            state_digest bytea NOT NULL,
            ends_at timestamptz NOT NULL,
            created_at timestamptz NOT NULL,
            CONSTRAINT pk_change_watches PRIMARY KEY (tenant_id, digest),
            CONSTRAINT fk_change_watches_tenant_id_account_id FOREIGN KEY (tenant_id, account_id)
                REFERENCES connector_accounts (tenant_id, id),
            CONSTRAINT uq_change_watches_tenant_id_account_id UNIQUE (tenant_id, account_id)
        )
        """
    )
    op.execute("CREATE INDEX ix_change_watches_digest ON change_watches (digest)")
    directory_table("change_watches")


def downgrade() -> None:
    op.execute("DROP TABLE change_watches")
