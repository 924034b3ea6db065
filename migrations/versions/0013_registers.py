"""Consents, objections and suppressions."""

from alembic import op

from migrations.ddl import tenant_table

revision = "0013_registers"
down_revision = "0012_microsoft"

_OBJECTIONS = (
    "'direct_marketing', 'telemarketing', 'market_research', 'opinion_polls', 'personal_research'"
)
_CHANNELS = "'letter', 'email', 'form', 'telephone'"
_SAID = "'form', 'letter', 'email', 'telephone', 'chat', 'snippet', 'unsubscribe'"
_CONSENTS = (
    f"{_OBJECTIONS}, 'cookies_analytics', 'cookies_functional', 'cookies_social_media', "
    "'cookies_advertising', 'contact_skype', 'contact_facebook', 'contact_linkedin', "
    "'longer_contact', 'disclosure_to_partner'"
)


def upgrade() -> None:
    _consents()
    _objections()
    op.execute(
        f"""
        CREATE TABLE suppressions (
            tenant_id uuid NOT NULL,
            token bytea NOT NULL,
            objection text NOT NULL,
            cause text NOT NULL,
            created_at timestamptz NOT NULL,
            CONSTRAINT pk_suppressions PRIMARY KEY (tenant_id, token, objection, cause),
            CONSTRAINT ck_suppressions_objection CHECK (objection IN ({_OBJECTIONS})),
            CONSTRAINT ck_suppressions_cause CHECK (cause IN ('objection', 'unsubscribe',
                'withdrawal'))
        )
        """
    )
    tenant_table("suppressions", app="SELECT, INSERT, DELETE")


def _consents() -> None:
    op.execute(
        """
        CREATE TABLE consent_wordings (
            tenant_id uuid NOT NULL,
            digest bytea NOT NULL,
            purpose text NOT NULL,
            language text NOT NULL,
            version text NOT NULL,
            text text NOT NULL,
            created_at timestamptz NOT NULL,
            CONSTRAINT pk_consent_wordings PRIMARY KEY (tenant_id, digest)
        )
        """
    )
    op.execute(
        f"""
        CREATE TABLE consents (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            service text NOT NULL,
            purpose text NOT NULL,
            wording_digest bytea NOT NULL,
            person_sealed bytea NOT NULL,
            CONSTRAINT pk_consents PRIMARY KEY (tenant_id, id),
            CONSTRAINT ck_consents_purpose CHECK (purpose IN ({_CONSENTS})),
            CONSTRAINT fk_consents_tenant_id_wording_digest FOREIGN KEY
                (tenant_id, wording_digest) REFERENCES consent_wordings (tenant_id, digest)
        )
        """
    )
    op.execute(
        f"""
        CREATE TABLE consent_events (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            consent_id uuid NOT NULL,
            act text NOT NULL,
            channel text NOT NULL,
            at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL,
            recorded_by uuid,
            evidence_sealed bytea,
            CONSTRAINT pk_consent_events PRIMARY KEY (tenant_id, id),
            CONSTRAINT ck_consent_events_act CHECK (act IN ('given', 'withdrawn')),
            CONSTRAINT ck_consent_events_channel CHECK (channel IN ({_SAID})),
            CONSTRAINT fk_consent_events_tenant_id_consent_id FOREIGN KEY (tenant_id, consent_id)
                REFERENCES consents (tenant_id, id) ON DELETE CASCADE
        )
        """
    )
    _tokens("consent_tokens", "consent_id", "consents")
    op.execute(
        "CREATE INDEX ix_consent_events_tenant_id_consent_id "
        "ON consent_events (tenant_id, consent_id)"
    )
    # Append-only: what was said stays as it was said. Sealed values alone are sealed anew when
    # the tenant's key rotates, and a person is erased as a whole.
    tenant_table("consent_wordings", app="SELECT, INSERT")
    tenant_table("consents", app="SELECT, INSERT, DELETE, UPDATE (person_sealed)")
    tenant_table("consent_events", app="SELECT, INSERT, DELETE, UPDATE (evidence_sealed)")


def _objections() -> None:
    op.execute(
        f"""
        CREATE TABLE objections (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            objection text NOT NULL,
            channel text NOT NULL,
            at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL,
            recorded_by uuid,
            ended_at timestamptz,
            ended_channel text,
            ended_by uuid,
            person_sealed bytea NOT NULL,
            CONSTRAINT pk_objections PRIMARY KEY (tenant_id, id),
            CONSTRAINT ck_objections_objection CHECK (objection IN ({_OBJECTIONS})),
            CONSTRAINT ck_objections_channel CHECK (channel IN ({_CHANNELS})),
            CONSTRAINT ck_objections_ended_channel CHECK (ended_channel IN ({_CHANNELS}))
        )
        """
    )
    _tokens("objection_tokens", "objection_id", "objections")
    tenant_table(
        "objections",
        app="SELECT, INSERT, DELETE, UPDATE (ended_at, ended_channel, ended_by, person_sealed)",
    )


def _tokens(table: str, column: str, parent: str) -> None:
    op.execute(
        f"""
        CREATE TABLE {table} (
            tenant_id uuid NOT NULL,
            token bytea NOT NULL,
            {column} uuid NOT NULL,
            CONSTRAINT pk_{table} PRIMARY KEY (tenant_id, token, {column}),
            CONSTRAINT fk_{table}_tenant_id_{column} FOREIGN KEY (tenant_id, {column})
                REFERENCES {parent} (tenant_id, id) ON DELETE CASCADE
        )
        """
    )
    op.execute(f"CREATE INDEX ix_{table}_tenant_id_{column} ON {table} (tenant_id, {column})")
    tenant_table(table, app="SELECT, INSERT, DELETE")


def downgrade() -> None:
    for table in (
        "suppressions",
        "objection_tokens",
        "objections",
        "consent_tokens",
        "consent_events",
        "consents",
        "consent_wordings",
    ):
        op.execute(f"DROP TABLE {table}")
