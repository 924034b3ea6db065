"""Profiles that tenants derive, published notices, decisions on them, people to inform."""

from alembic import op

from migrations.ddl import tenant_table

revision = "0021_notices"
down_revision = "0020_outgoing"

_TABLES = {
    "profile_changes": (
        """
        service text NOT NULL,
        changes text NOT NULL,
        changed_at timestamptz NOT NULL,
        changed_by uuid,
        CONSTRAINT pk_profile_changes PRIMARY KEY (tenant_id, service)
        """,
        "SELECT, INSERT, UPDATE, DELETE",
    ),
    "notices": (
        """
        id uuid NOT NULL,
        service text NOT NULL,
        number integer NOT NULL,
        dated date NOT NULL,
        published_at timestamptz NOT NULL,
        digest bytea NOT NULL,
        profile text NOT NULL,
        texts_sealed bytea NOT NULL,
        differences text NOT NULL,
        rules_changed boolean NOT NULL,
        CONSTRAINT pk_notices PRIMARY KEY (tenant_id, service, number),
        CONSTRAINT uq_notices_tenant_id_id UNIQUE (tenant_id, id)
        """,
        "SELECT, INSERT, UPDATE (texts_sealed)",
    ),
    "policy_decisions": (
        """
        id uuid NOT NULL,
        service text NOT NULL,
        number integer NOT NULL,
        digest bytea NOT NULL,
        decision text NOT NULL,
        decided_by uuid,
        decided_at timestamptz NOT NULL,
        CONSTRAINT pk_policy_decisions PRIMARY KEY (tenant_id, id),
        CONSTRAINT fk_policy_decisions_tenant_id_service_number
            FOREIGN KEY (tenant_id, service, number)
            REFERENCES notices (tenant_id, service, number),
        CONSTRAINT ck_policy_decisions_decision CHECK (decision IN ('accepted', 'declined'))
        """,
        "SELECT, INSERT",
    ),
    "confirmations": (
        """
        id uuid NOT NULL,
        act text NOT NULL,
        service text NOT NULL,
        language text NOT NULL,
        chosen text[] NOT NULL,
        person_sealed bytea NOT NULL,
        code_digest bytea NOT NULL,
        tries smallint NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT pk_confirmations PRIMARY KEY (tenant_id, id),
        CONSTRAINT ck_confirmations_act CHECK (act IN ('objection', 'withdrawal'))
        """,
        "SELECT, INSERT, UPDATE, DELETE",
    ),
    "informings": (
        """
        kind text NOT NULL,
        ref uuid NOT NULL,
        state text NOT NULL,
        how text NOT NULL,
        decided_at timestamptz NOT NULL,
        decided_by uuid,
        CONSTRAINT pk_informings PRIMARY KEY (tenant_id, kind, ref),
        CONSTRAINT ck_informings_kind CHECK (kind IN ('contact', 'calls')),
        CONSTRAINT ck_informings_state CHECK (state IN ('informed', 'exempt'))
        """,
        "SELECT, INSERT, UPDATE, DELETE",
    ),
}


def upgrade() -> None:
    for table, (columns, rights) in _TABLES.items():
        op.execute(f"CREATE TABLE {table} (tenant_id uuid NOT NULL, {columns})")
        tenant_table(table, app=rights)
    op.execute(
        "CREATE INDEX ix_policy_decisions_tenant_id_service_number "
        "ON policy_decisions (tenant_id, service, number)"
    )
    op.execute(
        "CREATE INDEX ix_confirmations_tenant_id_expires_at "
        "ON confirmations (tenant_id, expires_at)"
    )


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.execute(f"DROP TABLE {table}")
