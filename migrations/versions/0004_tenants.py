"""Tenants and people: who belongs where, how they sign in, keys and links."""

from alembic import op

from migrations.ddl import directory_table, tenant_table
from privacy.core.db.tenancy import INSTALLATION_ID

revision = "0004_tenants"
down_revision = "0003_ledger"

_TABLES = {
    "tenants": """
        name_sealed bytea NOT NULL,
        name_version integer NOT NULL,
        services text[] NOT NULL,
        state text NOT NULL,
        mfa_required boolean NOT NULL,
        retention_days_calls smallint,
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_tenants PRIMARY KEY (tenant_id),
        CONSTRAINT ck_tenants_state CHECK (state IN ('active', 'suspended', 'terminated')),
        CONSTRAINT ck_tenants_retention_days_calls CHECK (retention_days_calls > 0)
    """,
    "tenant_directory": """
        member_tenant_id uuid NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_tenant_directory PRIMARY KEY (tenant_id, member_tenant_id)
    """,
    "users": """
        id uuid NOT NULL,
        email_digest bytea NOT NULL,
        email_sealed bytea NOT NULL,
        name_sealed bytea NOT NULL,
        identity_version integer NOT NULL DEFAULT 1,
        password_sealed bytea,
        password_version integer NOT NULL DEFAULT 0,
        password_changed_at timestamptz,
        must_change_password boolean NOT NULL DEFAULT false,
        totp_sealed bytea,
        totp_pending_sealed bytea,
        totp_version integer NOT NULL DEFAULT 0,
        totp_last_step bigint NOT NULL DEFAULT 0,
        totp_confirmed_at timestamptz,
        state text NOT NULL DEFAULT 'active',
        language text NOT NULL DEFAULT 'en',
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_users PRIMARY KEY (tenant_id, id),
        CONSTRAINT uq_users_tenant_id_email_digest UNIQUE (tenant_id, email_digest),
        CONSTRAINT ck_users_state CHECK (state IN ('active', 'disabled'))
    """,
    "recovery_codes": """
        user_id uuid NOT NULL,
        digest bytea NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_recovery_codes PRIMARY KEY (tenant_id, user_id, digest),
        CONSTRAINT fk_recovery_codes_tenant_id_user_id FOREIGN KEY (tenant_id, user_id)
            REFERENCES users (tenant_id, id) ON DELETE CASCADE
    """,
    "memberships": f"""
        user_id uuid NOT NULL,
        role text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_memberships PRIMARY KEY (tenant_id, user_id),
        CONSTRAINT ck_memberships_role CHECK (
            role IN ('owner', 'admin', 'agent', 'auditor') AND tenant_id <> '{INSTALLATION_ID}'
            OR role = 'operator' AND tenant_id = '{INSTALLATION_ID}')
    """,
    "user_tenants": """
        user_id uuid NOT NULL,
        member_tenant_id uuid NOT NULL,
        invitation_id uuid,
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_user_tenants PRIMARY KEY (tenant_id, user_id, member_tenant_id),
        CONSTRAINT fk_user_tenants_tenant_id_user_id FOREIGN KEY (tenant_id, user_id)
            REFERENCES users (tenant_id, id) ON DELETE CASCADE
    """,
    "invitations": """
        id uuid NOT NULL,
        email_digest bytea NOT NULL,
        email_sealed bytea NOT NULL,
        role text NOT NULL,
        state text NOT NULL,
        invited_by uuid,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        settled_at timestamptz,
        CONSTRAINT pk_invitations PRIMARY KEY (tenant_id, id),
        CONSTRAINT ck_invitations_state CHECK (state IN ('pending', 'accepted', 'void'))
    """,
    "single_use_links": """
        id uuid NOT NULL,
        digest bytea NOT NULL,
        purpose text NOT NULL,
        user_id uuid,
        member_tenant_id uuid,
        invitation_id uuid,
        email_sealed bytea,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        used_at timestamptz,
        CONSTRAINT pk_single_use_links PRIMARY KEY (tenant_id, id),
        CONSTRAINT uq_single_use_links_tenant_id_digest UNIQUE (tenant_id, digest),
        CONSTRAINT ck_single_use_links_purpose
            CHECK (purpose IN ('invitation', 'password_reset', 'email_change'))
    """,
    "sign_in_sessions": """
        id uuid NOT NULL,
        token_digest bytea,
        user_id uuid NOT NULL,
        stage text NOT NULL,
        second_factor boolean NOT NULL,
        active_tenant_id uuid,
        device text NOT NULL,
        created_at timestamptz NOT NULL,
        seen_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        reauthenticated_at timestamptz,
        ended_at timestamptz,
        CONSTRAINT pk_sign_in_sessions PRIMARY KEY (tenant_id, id),
        CONSTRAINT uq_sign_in_sessions_tenant_id_token_digest UNIQUE (tenant_id, token_digest),
        CONSTRAINT fk_sign_in_sessions_tenant_id_user_id FOREIGN KEY (tenant_id, user_id)
            REFERENCES users (tenant_id, id) ON DELETE CASCADE,
        CONSTRAINT ck_sign_in_sessions_stage CHECK (stage IN ('password', 'full')),
        CONSTRAINT ck_sign_in_sessions_ended
            CHECK ((ended_at IS NULL) = (token_digest IS NOT NULL))
    """,
    "known_devices": """
        digest bytea NOT NULL,
        user_id uuid NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT pk_known_devices PRIMARY KEY (tenant_id, digest),
        CONSTRAINT fk_known_devices_tenant_id_user_id FOREIGN KEY (tenant_id, user_id)
            REFERENCES users (tenant_id, id) ON DELETE CASCADE
    """,
    "attempt_counts": """
        key bytea NOT NULL,
        attempts integer NOT NULL,
        blocked_until timestamptz,
        expires_at timestamptz NOT NULL,
        CONSTRAINT pk_attempt_counts PRIMARY KEY (tenant_id, key)
    """,
    "api_keys": """
        id uuid NOT NULL,
        digest bytea NOT NULL,
        hint text NOT NULL,
        name_sealed bytea NOT NULL,
        scopes text[] NOT NULL,
        mode text NOT NULL,
        networks text[] NOT NULL,
        created_by uuid,
        created_at timestamptz NOT NULL,
        expires_at timestamptz,
        last_used_at timestamptz,
        revoked_at timestamptz,
        replaced_by uuid,
        overlap_until timestamptz,
        CONSTRAINT pk_api_keys PRIMARY KEY (tenant_id, id),
        CONSTRAINT uq_api_keys_tenant_id_digest UNIQUE (tenant_id, digest),
        CONSTRAINT ck_api_keys_mode CHECK (mode IN ('live', 'test'))
    """,
}
_DIRECTORY = """
    CREATE TABLE api_key_directory (
        tenant_id uuid NOT NULL,
        digest bytea NOT NULL,
        key_id uuid NOT NULL,
        CONSTRAINT pk_api_key_directory PRIMARY KEY (tenant_id, digest),
        CONSTRAINT fk_api_key_directory_tenant_id_key_id FOREIGN KEY (tenant_id, key_id)
            REFERENCES api_keys (tenant_id, id) ON DELETE CASCADE
    )
"""
_USAGES = """
    CREATE TABLE session_usages (
        tenant_id uuid NOT NULL,
        day date NOT NULL,
        id uuid NOT NULL,
        version smallint NOT NULL,
        sealed bytea NOT NULL,
        CONSTRAINT pk_session_usages PRIMARY KEY (tenant_id, day, id)
    ) PARTITION BY LIST (day)
"""
_INDEXES = (
    "CREATE UNIQUE INDEX uq_invitations_pending ON invitations (tenant_id, email_digest) "
    "WHERE state = 'pending'",
    "CREATE INDEX ix_sign_in_sessions_user ON sign_in_sessions (tenant_id, user_id)",
    "CREATE INDEX ix_known_devices_user ON known_devices (tenant_id, user_id)",
    "CREATE INDEX ix_attempt_counts_expires_at ON attempt_counts (tenant_id, expires_at)",
    # Looked up before a tenant is known, so this one index leads with the digest.
    "CREATE INDEX ix_api_key_directory_digest ON api_key_directory (digest)",
)


def upgrade() -> None:
    for table, columns in _TABLES.items():
        op.execute(f"CREATE TABLE {table} (tenant_id uuid NOT NULL, {columns})")
        tenant_table(table)
    op.execute(_DIRECTORY)
    directory_table("api_key_directory")
    op.execute(_USAGES)
    tenant_table("session_usages")
    for index in _INDEXES:
        op.execute(index)


def downgrade() -> None:
    op.execute("DROP TABLE session_usages")
    op.execute("DROP TABLE api_key_directory")
    for table in reversed(_TABLES):
        op.execute(f"DROP TABLE {table}")
