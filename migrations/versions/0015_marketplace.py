"""Provisioning by a marketplace: its keys, customers and orders, and what tenants subscribe to."""

from alembic import op

from migrations.ddl import tenant_table

revision = "0015_marketplace"
down_revision = "0014_inquiries"

_TABLES = {
    "marketplace_keys": """
        id uuid NOT NULL,
        digest bytea NOT NULL,
        hint text NOT NULL,
        name text NOT NULL,
        callback_url text,
        callback_key_sealed bytea,
        callback_version integer NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL,
        last_used_at timestamptz,
        revoked_at timestamptz,
        CONSTRAINT pk_marketplace_keys PRIMARY KEY (tenant_id, id),
        CONSTRAINT uq_marketplace_keys_tenant_id_digest UNIQUE (tenant_id, digest),
        CONSTRAINT ck_marketplace_keys_callback
            CHECK ((callback_url IS NULL) = (callback_key_sealed IS NULL))
    """,
    "marketplace_customers": """
        customer_digest bytea NOT NULL,
        member_tenant_id uuid NOT NULL,
        created_at timestamptz NOT NULL,
        ended_at timestamptz,
        CONSTRAINT pk_marketplace_customers PRIMARY KEY (tenant_id, customer_digest)
    """,
    "marketplace_orders": """
        order_digest bytea NOT NULL,
        seller_digest bytea NOT NULL,
        payload_digest bytea NOT NULL,
        method text NOT NULL,
        subscription_id uuid NOT NULL,
        member_tenant_id uuid,
        answer bytea,
        created_at timestamptz NOT NULL,
        done_at timestamptz,
        CONSTRAINT pk_marketplace_orders PRIMARY KEY (tenant_id, order_digest)
    """,
    "service_subscriptions": """
        id uuid NOT NULL,
        service text NOT NULL,
        state text NOT NULL,
        parameters jsonb NOT NULL,
        account_id uuid,
        created_at timestamptz NOT NULL,
        state_at timestamptz NOT NULL,
        ends_at timestamptz,
        reminded_at timestamptz,
        CONSTRAINT pk_service_subscriptions PRIMARY KEY (tenant_id, id),
        CONSTRAINT ck_service_subscriptions_state
            CHECK (state IN ('active', 'suspended', 'ending', 'ended')),
        CONSTRAINT ck_service_subscriptions_ends_at
            CHECK ((ends_at IS NOT NULL) = (state IN ('ending', 'ended')))
    """,
}


def upgrade() -> None:
    for table, columns in _TABLES.items():
        op.execute(f"CREATE TABLE {table} (tenant_id uuid NOT NULL, {columns})")
        tenant_table(table)
    op.execute(
        "CREATE INDEX ix_marketplace_orders_tenant_id_subscription_id "
        "ON marketplace_orders (tenant_id, subscription_id)"
    )


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.execute(f"DROP TABLE {table}")
