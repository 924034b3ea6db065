"""The ledger."""

from alembic import op

from migrations.ddl import KEEPER, SEQUENCER, policy_for, tenant_table

revision = "0003_ledger"
down_revision = "0002_vault"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE ledger_events (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            at timestamptz NOT NULL,
            event text NOT NULL,
            actor_kind text NOT NULL,
            actor_id uuid,
            subject text,
            facts jsonb NOT NULL,
            commitment bytea,
            CONSTRAINT pk_ledger_events PRIMARY KEY (tenant_id, id)
        )
        """
    )
    # No foreign key to the event: a mark whose event is gone must stay, for it is evidence.
    op.execute(
        """
        CREATE TABLE ledger_pending (
            tenant_id uuid NOT NULL,
            event_id uuid NOT NULL,
            arrival bigint GENERATED ALWAYS AS IDENTITY,
            CONSTRAINT pk_ledger_pending PRIMARY KEY (tenant_id, event_id)
        )
        """
    )
    op.execute("CREATE INDEX ix_ledger_pending_arrival ON ledger_pending (arrival)")
    op.execute(
        """
        CREATE TABLE ledger_links (
            tenant_id uuid NOT NULL,
            position bigint NOT NULL,
            event_id uuid NOT NULL,
            event_digest bytea NOT NULL,
            previous bytea NOT NULL,
            digest bytea NOT NULL,
            CONSTRAINT pk_ledger_links PRIMARY KEY (tenant_id, position),
            CONSTRAINT uq_ledger_links_tenant_id_event_id UNIQUE (tenant_id, event_id)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE ledger_heads (
            tenant_id uuid NOT NULL,
            position bigint NOT NULL,
            digest bytea NOT NULL,
            signed_at timestamptz NOT NULL,
            signature bytea NOT NULL,
            anchored bigint NOT NULL DEFAULT 0,
            CONSTRAINT pk_ledger_heads PRIMARY KEY (tenant_id)
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_ledger_heads_unanchored ON ledger_heads (tenant_id) "
        "WHERE anchored < position"
    )
    # The application adds and reads; only the sequencer chains, and it cannot touch an event.
    for table in ("ledger_events", "ledger_pending"):
        tenant_table(table, app="SELECT, INSERT")
    for table in ("ledger_links", "ledger_heads"):
        tenant_table(table, app="SELECT")
    policy_for(SEQUENCER, "ledger_events", "SELECT")
    policy_for(SEQUENCER, "ledger_pending", "SELECT, DELETE")
    # Who destroys keys says so in the same transaction, for all tenants.
    policy_for(KEEPER, "ledger_events", "INSERT, SELECT (tenant_id, id)")
    policy_for(KEEPER, "ledger_pending", "INSERT")
    policy_for(SEQUENCER, "ledger_links", "SELECT, INSERT")
    policy_for(SEQUENCER, "ledger_heads", "SELECT, INSERT, UPDATE")


def downgrade() -> None:
    for table in ("ledger_heads", "ledger_links", "ledger_pending", "ledger_events"):
        op.execute(f"DROP TABLE {table}")
