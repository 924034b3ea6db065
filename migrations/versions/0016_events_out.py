"""Events that tenants receive: endpoints, their secrets, what happened, and what was delivered."""

from alembic import op

from migrations.ddl import tenant_table

revision = "0016_events_out"
down_revision = "0015_marketplace"

_TABLES = {
    "webhook_endpoints": """
        id uuid NOT NULL,
        name text NOT NULL,
        url_sealed bytea NOT NULL,
        url_version integer NOT NULL,
        kinds text[] NOT NULL,
        include_personal boolean NOT NULL DEFAULT false,
        state text NOT NULL DEFAULT 'active',
        state_reason text,
        state_at timestamptz NOT NULL,
        failing_since timestamptz,
        last_success_at timestamptz,
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_webhook_endpoints PRIMARY KEY (tenant_id, id),
        CONSTRAINT ck_webhook_endpoints_state CHECK (state IN ('active', 'disabled'))
    """,
    "webhook_secrets": """
        id uuid NOT NULL,
        endpoint_id uuid NOT NULL,
        version integer NOT NULL,
        secret_sealed bytea NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz,
        CONSTRAINT pk_webhook_secrets PRIMARY KEY (tenant_id, id),
        CONSTRAINT uq_webhook_secrets_tenant_id_endpoint_id_version
            UNIQUE (tenant_id, endpoint_id, version),
        CONSTRAINT fk_webhook_secrets_tenant_id_endpoint_id FOREIGN KEY (tenant_id, endpoint_id)
            REFERENCES webhook_endpoints (tenant_id, id) ON DELETE CASCADE
    """,
    "webhook_events": """
        id uuid NOT NULL,
        kind text NOT NULL,
        facts jsonb NOT NULL,
        at timestamptz NOT NULL,
        CONSTRAINT pk_webhook_events PRIMARY KEY (tenant_id, id)
    """,
    "webhook_deliveries": """
        id uuid NOT NULL,
        endpoint_id uuid NOT NULL,
        event_id uuid NOT NULL,
        state text NOT NULL DEFAULT 'waiting',
        turn integer NOT NULL DEFAULT 1,
        tries smallint NOT NULL DEFAULT 0,
        attempts integer NOT NULL DEFAULT 0,
        next_at timestamptz,
        tried_at timestamptz,
        status smallint,
        code text,
        duration_ms integer,
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_webhook_deliveries PRIMARY KEY (tenant_id, id),
        CONSTRAINT uq_webhook_deliveries_tenant_id_endpoint_id_event_id
            UNIQUE (tenant_id, endpoint_id, event_id),
        CONSTRAINT ck_webhook_deliveries_state
            CHECK (state IN ('waiting', 'delivered', 'failed')),
        CONSTRAINT fk_webhook_deliveries_tenant_id_endpoint_id
            FOREIGN KEY (tenant_id, endpoint_id)
            REFERENCES webhook_endpoints (tenant_id, id) ON DELETE CASCADE,
        CONSTRAINT fk_webhook_deliveries_tenant_id_event_id FOREIGN KEY (tenant_id, event_id)
            REFERENCES webhook_events (tenant_id, id) ON DELETE CASCADE
    """,
    "webhook_arrivals": """
        id uuid NOT NULL,
        account_id uuid NOT NULL,
        call_id uuid NOT NULL,
        at timestamptz NOT NULL,
        CONSTRAINT pk_webhook_arrivals PRIMARY KEY (tenant_id, id)
    """,
}
_INDEXES = (
    "CREATE INDEX ix_webhook_events_tenant_id_at ON webhook_events (tenant_id, at)",
    "CREATE INDEX ix_webhook_deliveries_tenant_id_event_id "
    "ON webhook_deliveries (tenant_id, event_id)",
)


def upgrade() -> None:
    for table, columns in _TABLES.items():
        op.execute(f"CREATE TABLE {table} (tenant_id uuid NOT NULL, {columns})")
        tenant_table(table)
    for index in _INDEXES:
        op.execute(index)


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.execute(f"DROP TABLE {table}")
