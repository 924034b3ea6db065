"""Moves to another server, as auditors read them."""

from alembic import op

from migrations.ddl import APP, policy_for, shared_table

revision = "0027_moves"
down_revision = "0026_exports"


def upgrade() -> None:
    """A table of the installation's own: it moves as a whole."""
    op.execute(
        """
        CREATE TABLE database_moves (
            id uuid NOT NULL,
            state text NOT NULL,
            from_host text NOT NULL,
            to_host text NOT NULL,
            to_country text,
            revision text NOT NULL,
            began_at timestamptz NOT NULL,
            closed_at timestamptz,
            opened_at timestamptz,
            ended_at timestamptz,
            downtime_ms bigint,
            tables integer,
            row_count bigint,
            failure_code text,
            CONSTRAINT pk_database_moves PRIMARY KEY (id),
            CONSTRAINT ck_database_moves_state
                CHECK (state IN ('syncing', 'switching', 'open', 'final', 'undone'))
        )
        """
    )
    op.execute("CREATE INDEX ix_database_moves_began_at ON database_moves (began_at)")
    shared_table("database_moves", reason="the installation moves as a whole")
    policy_for(APP, "database_moves", "SELECT, INSERT, UPDATE")


def downgrade() -> None:
    """Forget them."""
    op.execute("DROP TABLE database_moves")
