"""Calls and what they were read from, by day; tallies that outlive them."""

from alembic import op

from migrations.ddl import tenant_table

revision = "0006_calls"
down_revision = "0005_accounts"


def upgrade() -> None:
    # No foreign key to the account: it would cost a look-up for each row, and a call's life is
    # its day's, not its account's (an account is never deleted while its calls are kept).
    op.execute(
        """
        CREATE TABLE calls (
            tenant_id uuid NOT NULL,
            day date NOT NULL,
            id uuid NOT NULL,
            account_id uuid NOT NULL,
            version integer NOT NULL,
            slot smallint NOT NULL,
            caller_token bigint,
            called_token bigint,
            user_token bigint,
            sealed bytea NOT NULL,
            CONSTRAINT pk_calls PRIMARY KEY (tenant_id, day, id)
        ) PARTITION BY LIST (day)
        """
    )
    for side in ("caller", "called", "user"):
        op.execute(
            f"CREATE INDEX ix_calls_tenant_id_{side}_token ON calls (tenant_id, {side}_token) "
            f"WHERE {side}_token IS NOT NULL"
        )
    # A sealed blob is random: compressing or moving it out of line only costs time.
    op.execute("ALTER TABLE calls ALTER COLUMN sealed SET STORAGE EXTERNAL")
    tenant_table("calls")
    op.execute(
        """
        CREATE TABLE call_sources (
            tenant_id uuid NOT NULL,
            day date NOT NULL,
            id uuid NOT NULL,
            call_id uuid NOT NULL,
            account_id uuid NOT NULL,
            sealed bytea NOT NULL,
            CONSTRAINT pk_call_sources PRIMARY KEY (tenant_id, day, id)
        ) PARTITION BY LIST (day)
        """
    )
    op.execute(
        "CREATE INDEX ix_call_sources_tenant_id_call_id ON call_sources (tenant_id, call_id)"
    )
    op.execute("ALTER TABLE call_sources ALTER COLUMN sealed SET STORAGE EXTERNAL")
    tenant_table("call_sources")
    # Shards let two processes count for one account without waiting for each other's commit.
    op.execute(
        """
        CREATE TABLE call_tallies (
            tenant_id uuid NOT NULL,
            day date NOT NULL,
            account_id uuid NOT NULL,
            direction text NOT NULL,
            shard smallint NOT NULL,
            calls bigint NOT NULL,
            seconds bigint NOT NULL,
            CONSTRAINT pk_call_tallies PRIMARY KEY (tenant_id, day, account_id, direction, shard)
        )
        """
    )
    tenant_table("call_tallies", app="SELECT, INSERT, UPDATE")
    op.execute(
        """
        CREATE TABLE post_minutes (
            tenant_id uuid NOT NULL,
            account_id uuid NOT NULL,
            minute timestamptz NOT NULL,
            shard smallint NOT NULL,
            accepted bigint NOT NULL,
            duplicates bigint NOT NULL,
            expired bigint NOT NULL,
            rejected bigint NOT NULL,
            CONSTRAINT pk_post_minutes PRIMARY KEY (tenant_id, account_id, minute, shard)
        )
        """
    )
    tenant_table("post_minutes")


def downgrade() -> None:
    for table in ("post_minutes", "call_tallies", "call_sources", "calls"):
        op.execute(f"DROP TABLE {table}")
