"""The outbox, and the clock that retention trusts."""

from alembic import op

from migrations.ddl import APP, RELAY, grant, policy_for, shared_table, tenant_table

revision = "0001_core"
down_revision = None


def upgrade() -> None:
    # Readiness compares the revision; the table is Alembic's own and holds nothing else.
    grant("alembic_version", APP, "SELECT")
    op.execute(
        """
        CREATE TABLE outbox_jobs (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            name text NOT NULL,
            queue text NOT NULL,
            payload jsonb NOT NULL,
            dedupe_key text,
            state text NOT NULL DEFAULT 'waiting',
            attempt smallint NOT NULL DEFAULT 0,
            run_at timestamptz NOT NULL,
            rung_at timestamptz,
            lease_token uuid,
            lease_until timestamptz,
            finished_at timestamptz,
            failure_code text,
            created_at timestamptz NOT NULL,
            CONSTRAINT pk_outbox_jobs PRIMARY KEY (tenant_id, id),
            CONSTRAINT uq_outbox_jobs_tenant_id_dedupe_key UNIQUE (tenant_id, dedupe_key),
            CONSTRAINT ck_outbox_jobs_state
                CHECK (state IN ('waiting', 'rung', 'running', 'done', 'dead'))
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_outbox_jobs_due ON outbox_jobs (run_at) "
        "WHERE state IN ('waiting', 'rung', 'running')"
    )
    op.execute(
        "CREATE INDEX ix_outbox_jobs_open ON outbox_jobs (id) "
        "WHERE state IN ('waiting', 'rung', 'running')"
    )
    op.execute(
        "CREATE INDEX ix_outbox_jobs_over ON outbox_jobs (finished_at) "
        "WHERE state IN ('done', 'dead')"
    )
    # The application adds jobs and puts dead ones back in line; leases are the relay's.
    again = "state, attempt, run_at, finished_at, failure_code"
    tenant_table("outbox_jobs", app=f"SELECT, INSERT, UPDATE ({again})")
    # The relay sees envelopes, never payloads: column grants keep it so.
    columns = (
        "tenant_id, id, name, queue, state, attempt, run_at, rung_at, lease_token, lease_until, "
        "finished_at"
    )
    changes = "state, attempt, run_at, rung_at, lease_token, lease_until, finished_at, failure_code"
    policy_for(RELAY, "outbox_jobs", f"SELECT ({columns}), UPDATE ({changes}), DELETE")
    op.execute(
        "CREATE TABLE heartbeats (part text NOT NULL, every interval NOT NULL, "
        "seen_at timestamptz NOT NULL, failing_since timestamptz, failure_code text, "
        "CONSTRAINT pk_heartbeats PRIMARY KEY (part))"
    )
    shared_table("heartbeats", reason="the installation's own processes")
    policy_for(RELAY, "heartbeats", "SELECT, INSERT, UPDATE")
    policy_for(APP, "heartbeats", "SELECT")
    op.execute(
        "CREATE TABLE clock_watch (id smallint NOT NULL DEFAULT 1, seen_at timestamptz NOT NULL, "
        "halted_at timestamptz, CONSTRAINT pk_clock_watch PRIMARY KEY (id), "
        "CONSTRAINT ck_clock_watch_one CHECK (id = 1))"
    )
    shared_table("clock_watch", reason="the installation has one clock")
    op.execute(f"CREATE POLICY clock ON clock_watch TO {APP} USING (true) WITH CHECK (true)")
    grant("clock_watch", APP, "SELECT, INSERT, UPDATE")


def downgrade() -> None:
    op.execute("REVOKE SELECT ON alembic_version FROM silta_app")
    op.execute("DROP TABLE clock_watch")
    op.execute("DROP TABLE heartbeats")
    op.execute("DROP TABLE outbox_jobs")
