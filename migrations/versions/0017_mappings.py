"""Mappings that tenants edit; how an exchange that posts fares."""

from alembic import op

from migrations.ddl import tenant_table

revision = "0017_mappings"
down_revision = "0016_events_out"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE account_mappings (
            tenant_id uuid NOT NULL,
            account_id uuid NOT NULL,
            version integer NOT NULL,
            settings jsonb NOT NULL,
            saved_at timestamptz NOT NULL,
            saved_by uuid,
            CONSTRAINT pk_account_mappings PRIMARY KEY (tenant_id, account_id, version),
            CONSTRAINT fk_account_mappings_tenant_id_account_id
                FOREIGN KEY (tenant_id, account_id) REFERENCES connector_accounts (tenant_id, id)
        )
        """
    )
    tenant_table("account_mappings", app="SELECT, INSERT, DELETE")
    op.execute(
        """
        CREATE TABLE account_intakes (
            tenant_id uuid NOT NULL,
            account_id uuid NOT NULL,
            refused integer NOT NULL,
            refused_since timestamptz NOT NULL,
            CONSTRAINT pk_account_intakes PRIMARY KEY (tenant_id, account_id),
            CONSTRAINT fk_account_intakes_tenant_id_account_id
                FOREIGN KEY (tenant_id, account_id) REFERENCES connector_accounts (tenant_id, id)
        )
        """
    )
    tenant_table("account_intakes")


def downgrade() -> None:
    op.execute("DROP TABLE account_intakes")
    op.execute("DROP TABLE account_mappings")
