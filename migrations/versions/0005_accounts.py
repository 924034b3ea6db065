"""Connector accounts, and the directory by which an exchange's secret finds its account."""

from alembic import op

from migrations.ddl import directory_table, tenant_table

revision = "0005_accounts"
down_revision = "0004_tenants"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE connector_accounts (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            service text NOT NULL,
            kind text NOT NULL,
            name text NOT NULL,
            external_key text NOT NULL,
            region text NOT NULL,
            time_zone text NOT NULL,
            settings jsonb NOT NULL DEFAULT '{}',
            state text NOT NULL DEFAULT 'draft',
            state_reason text,
            state_at timestamptz NOT NULL,
            disabled_by text,
            credential_sealed bytea,
            credential_version integer NOT NULL DEFAULT 0,
            last_received_at timestamptz,
            created_at timestamptz NOT NULL,
            deleted_at timestamptz,
            CONSTRAINT pk_connector_accounts PRIMARY KEY (tenant_id, id),
            CONSTRAINT ck_connector_accounts_state CHECK (state IN ('draft', 'testing', 'connected',
                'degraded', 'needs_reauth', 'error', 'disabled'))
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_connector_accounts_tenant_id_kind_external_key "
        "ON connector_accounts (tenant_id, kind, external_key) WHERE deleted_at IS NULL"
    )
    tenant_table("connector_accounts", app="SELECT, INSERT, UPDATE")
    op.execute(
        """
        CREATE TABLE account_secrets (
            tenant_id uuid NOT NULL,
            digest bytea NOT NULL,
            account_id uuid NOT NULL,
            generation integer NOT NULL,
            created_at timestamptz NOT NULL,
            CONSTRAINT pk_account_secrets PRIMARY KEY (tenant_id, digest),
            CONSTRAINT fk_account_secrets_tenant_id_account_id FOREIGN KEY (tenant_id, account_id)
                REFERENCES connector_accounts (tenant_id, id),
            CONSTRAINT uq_account_secrets_tenant_id_account_id_generation
                UNIQUE (tenant_id, account_id, generation)
        )
        """
    )
    op.execute("CREATE INDEX ix_account_secrets_digest ON account_secrets (digest)")
    directory_table("account_secrets")


def downgrade() -> None:
    op.execute("DROP TABLE account_secrets")
    op.execute("DROP TABLE connector_accounts")
