"""Archives, drills, and the mark without which no restored database opens."""

from alembic import op
from sqlalchemy import text

from migrations.ddl import (
    APP,
    BACKUP,
    KEEPER,
    grant,
    policy_for,
    readable_by_backups,
    shared_table,
)

revision = "0024_backups"
down_revision = "0023_registers"

_UNCOVERED = text(
    "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p') "
    "AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'alembic_version' "
    "AND NOT has_table_privilege(:role, c.oid, 'SELECT') ORDER BY c.relname"
)


def upgrade() -> None:
    _cover_what_is_older()
    _home()
    _archives()
    _drills()
    _alerts()


def downgrade() -> None:
    for table in ("backup_alerts", "backup_drills", "backup_archives", "database_home"):
        op.execute(f"DROP TABLE {table}")
    op.execute(f"REVOKE SELECT ON alembic_version FROM {BACKUP}")


def _cover_what_is_older() -> None:
    """Tables and partitions of databases that are older than the backup role."""
    grant("alembic_version", BACKUP, "SELECT")
    for table in op.get_bind().execute(_UNCOVERED, {"role": BACKUP}).scalars().all():
        readable_by_backups(table)


def _home() -> None:
    op.execute(
        "CREATE TABLE database_home (id smallint NOT NULL DEFAULT 1, place text NOT NULL, "
        "opened_at timestamptz NOT NULL, CONSTRAINT pk_database_home PRIMARY KEY (id), "
        "CONSTRAINT ck_database_home_one CHECK (id = 1))"
    )
    # What runs here now was never restored: it is at home.
    op.execute(
        "INSERT INTO database_home (place, opened_at) SELECT s.system_identifier || '/' || "
        "c.timeline_id, now() FROM pg_control_system() s, pg_control_checkpoint() c"
    )
    shared_table("database_home", reason="says that this database was opened where it is")
    policy_for(APP, "database_home", "SELECT")
    policy_for(KEEPER, "database_home", "SELECT, INSERT, UPDATE, DELETE")


def _archives() -> None:
    op.execute(
        """
        CREATE TABLE backup_archives (
            id uuid NOT NULL,
            state text NOT NULL,
            number integer,
            revision text,
            began_at timestamptz NOT NULL,
            snapshot_at timestamptz,
            ended_at timestamptz,
            size bigint,
            parts integer,
            row_count bigint,
            digest bytea,
            keep_until timestamptz,
            gone_at timestamptz,
            failure_code text,
            CONSTRAINT pk_backup_archives PRIMARY KEY (id),
            CONSTRAINT ck_backup_archives_state
                CHECK (state IN ('running', 'whole', 'failed', 'gone', 'missing'))
        )
        """
    )
    op.execute("CREATE INDEX ix_backup_archives_began_at ON backup_archives (began_at)")
    shared_table("backup_archives", reason="an archive holds the whole installation")
    policy_for(APP, "backup_archives", "SELECT, INSERT, UPDATE, DELETE")


def _drills() -> None:
    op.execute(
        """
        CREATE TABLE backup_drills (
            id uuid NOT NULL,
            archive_id uuid,
            state text NOT NULL,
            began_at timestamptz NOT NULL,
            ended_at timestamptz,
            snapshot_at timestamptz,
            row_count bigint,
            values_opened integer,
            erasures integer,
            failure_code text,
            CONSTRAINT pk_backup_drills PRIMARY KEY (id),
            CONSTRAINT ck_backup_drills_state CHECK (state IN ('running', 'passed', 'failed'))
        )
        """
    )
    op.execute("CREATE INDEX ix_backup_drills_began_at ON backup_drills (began_at)")
    shared_table("backup_drills", reason="a drill restores the whole installation")
    policy_for(APP, "backup_drills", "SELECT, INSERT, UPDATE")


def _alerts() -> None:
    op.execute(
        "CREATE TABLE backup_alerts (code text NOT NULL, since timestamptz NOT NULL, "
        "told_at timestamptz NOT NULL, CONSTRAINT pk_backup_alerts PRIMARY KEY (code))"
    )
    shared_table("backup_alerts", reason="archives hold the whole installation")
    policy_for(APP, "backup_alerts", "SELECT, INSERT, UPDATE, DELETE")
