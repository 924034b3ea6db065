"""Connections, streams and runs of systems that are asked, and what is sent to them."""

from alembic import op

from migrations.ddl import tenant_table

revision = "0011_syncs"
down_revision = "0010_records"

_ACCOUNT = "FOREIGN KEY (tenant_id, account_id) REFERENCES connector_accounts (tenant_id, id)"
_FAILURE = "CHECK (failure_kind IN ('configuration', 'transient', 'system'))"


def upgrade() -> None:
    _connections()
    _streams()
    _runs()
    _outgoing()


def _connections() -> None:
    op.execute(
        f"""
        CREATE TABLE account_connections (
            tenant_id uuid NOT NULL,
            account_id uuid NOT NULL,
            display_name text NOT NULL DEFAULT '',
            pending_sealed bytea,
            pending_version integer NOT NULL DEFAULT 0,
            failure_code text,
            failure_kind text,
            failure_text text,
            failing_since timestamptz,
            failures integer NOT NULL DEFAULT 0,
            doubts smallint NOT NULL DEFAULT 0,
            doubted_on date,
            not_before timestamptz,
            checked_at timestamptz,
            tried_at timestamptz,
            requests_per_minute integer NOT NULL DEFAULT 60,
            CONSTRAINT pk_account_connections PRIMARY KEY (tenant_id, account_id),
            CONSTRAINT fk_account_connections_tenant_id_account_id {_ACCOUNT},
            CONSTRAINT ck_account_connections_failure_kind {_FAILURE}
        )
        """
    )
    tenant_table("account_connections")


def _streams() -> None:
    op.execute(
        f"""
        CREATE TABLE account_streams (
            tenant_id uuid NOT NULL,
            account_id uuid NOT NULL,
            stream text NOT NULL,
            kind text NOT NULL,
            available boolean NOT NULL DEFAULT true,
            paused boolean NOT NULL DEFAULT false,
            full_wanted boolean NOT NULL DEFAULT false,
            cursor jsonb,
            sweep_id uuid,
            run_id uuid,
            every_minutes integer NOT NULL DEFAULT 60,
            next_due_at timestamptz,
            last_success_at timestamptz,
            swept_at timestamptz,
            failures integer NOT NULL DEFAULT 0,
            failing_since timestamptz,
            failure_code text,
            failure_kind text,
            failure_text text,
            removal_waits bigint,
            removal_of bigint,
            removal_allowed bigint,
            CONSTRAINT pk_account_streams PRIMARY KEY (tenant_id, account_id, stream),
            CONSTRAINT fk_account_streams_tenant_id_account_id {_ACCOUNT},
            CONSTRAINT ck_account_streams_failure_kind {_FAILURE}
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_account_streams_next_due_at ON account_streams (tenant_id, next_due_at)"
    )
    tenant_table("account_streams")


def _runs() -> None:
    op.execute(
        f"""
        CREATE TABLE sync_runs (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            account_id uuid NOT NULL,
            stream text NOT NULL,
            mode text NOT NULL,
            outcome text NOT NULL,
            started_at timestamptz NOT NULL,
            progressed_at timestamptz,
            ended_at timestamptz,
            pages bigint NOT NULL DEFAULT 0,
            estimated bigint,
            created bigint NOT NULL DEFAULT 0,
            changed bigint NOT NULL DEFAULT 0,
            unchanged bigint NOT NULL DEFAULT 0,
            removed bigint NOT NULL DEFAULT 0,
            refused bigint NOT NULL DEFAULT 0,
            unread bigint NOT NULL DEFAULT 0,
            failure_code text,
            failure_kind text,
            CONSTRAINT pk_sync_runs PRIMARY KEY (tenant_id, id),
            CONSTRAINT fk_sync_runs_tenant_id_account_id {_ACCOUNT},
            CONSTRAINT ck_sync_runs_mode CHECK (mode IN ('incremental', 'full', 'remap')),
            CONSTRAINT ck_sync_runs_outcome CHECK (outcome IN ('running', 'done', 'failed',
                'interrupted', 'stopped')),
            CONSTRAINT ck_sync_runs_failure_kind {_FAILURE}
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_sync_runs_tenant_id_account_id_started_at "
        "ON sync_runs (tenant_id, account_id, started_at)"
    )
    tenant_table("sync_runs")


def _outgoing() -> None:
    op.execute(
        f"""
        CREATE TABLE outgoing_documents (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            account_id uuid NOT NULL,
            kind text NOT NULL,
            reference text NOT NULL,
            content_sealed bytea,
            content_digest bytea NOT NULL,
            state text NOT NULL DEFAULT 'waiting',
            maybe_done boolean NOT NULL DEFAULT false,
            attempts integer NOT NULL DEFAULT 0,
            first_tried_at timestamptz,
            tried_at timestamptz,
            external_id text,
            failure_code text,
            failure_kind text,
            failure_text text,
            created_at timestamptz NOT NULL,
            sent_at timestamptz,
            CONSTRAINT pk_outgoing_documents PRIMARY KEY (tenant_id, id),
            CONSTRAINT uq_outgoing_documents_tenant_id_account_id_kind_reference
                UNIQUE (tenant_id, account_id, kind, reference),
            CONSTRAINT fk_outgoing_documents_tenant_id_account_id {_ACCOUNT},
            CONSTRAINT ck_outgoing_documents_kind CHECK (kind IN ('customer', 'invoice')),
            CONSTRAINT ck_outgoing_documents_state CHECK (state IN ('waiting', 'sending', 'sent',
                'failed')),
            CONSTRAINT ck_outgoing_documents_failure_kind {_FAILURE}
        )
        """
    )
    tenant_table("outgoing_documents")


def downgrade() -> None:
    for table in ("outgoing_documents", "sync_runs", "account_streams", "account_connections"):
        op.execute(f"DROP TABLE {table}")
