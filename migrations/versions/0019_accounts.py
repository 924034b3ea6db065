"""Deaths of jobs in one commit with their events; declared fields; what calls are charged."""

from alembic import op

from migrations.ddl import tenant_table

revision = "0019_accounts"
down_revision = "0018_subjects"

_WITH_VALUES = ("contacts", "inquiries")


def upgrade() -> None:
    # Who gives a job up says so in the tenant's ledger, in one commit: the application does, and
    # it can neither take nor end a lease. So the lease ends by itself.
    op.execute(
        """
        CREATE FUNCTION outbox_end_lease() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.lease_token := NULL;
            NEW.lease_until := NULL;
            RETURN NEW;
        END $$
        """
    )
    op.execute("REVOKE ALL ON FUNCTION outbox_end_lease() FROM PUBLIC")
    op.execute(
        "CREATE TRIGGER end_lease BEFORE UPDATE OF state ON outbox_jobs FOR EACH ROW "
        "WHEN (NEW.state = 'dead') EXECUTE FUNCTION outbox_end_lease()"
    )

    _free_fields()
    _charging()


def _free_fields() -> None:
    op.execute(
        """
        CREATE TABLE free_fields (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            about text NOT NULL,
            key text NOT NULL,
            label text NOT NULL,
            type text NOT NULL,
            choices text[] NOT NULL,
            purpose text NOT NULL,
            basis text NOT NULL,
            days integer,
            created_at timestamptz NOT NULL,
            ended_at timestamptz,
            CONSTRAINT pk_free_fields PRIMARY KEY (tenant_id, id),
            CONSTRAINT ck_free_fields_about CHECK (about IN ('contact', 'inquiry')),
            CONSTRAINT ck_free_fields_type
                CHECK (type IN ('text', 'number', 'date', 'yes_no', 'choice')),
            CONSTRAINT ck_free_fields_purpose CHECK (purpose IN ('delivery',
                'statistics_and_administration', 'documentation',
                'quality_control_and_development', 'identification', 'accounts',
                'protection_of_rights', 'response', 'future_communication',
                'information_about_changes', 'complaints')),
            CONSTRAINT ck_free_fields_basis CHECK (basis IN ('consent', 'contract',
                'legal_obligation', 'legitimate_interests')),
            CONSTRAINT ck_free_fields_days CHECK (days > 0)
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_free_fields_tenant_id_about_key "
        "ON free_fields (tenant_id, about, key) WHERE ended_at IS NULL"
    )
    tenant_table("free_fields", app="SELECT, INSERT, UPDATE")
    op.execute(
        """
        CREATE TABLE free_values (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            field_id uuid NOT NULL,
            record_id uuid NOT NULL,
            value_sealed bytea NOT NULL,
            value_version integer NOT NULL,
            set_at timestamptz NOT NULL,
            ends_on date,
            CONSTRAINT pk_free_values PRIMARY KEY (tenant_id, id),
            CONSTRAINT fk_free_values_tenant_id_field_id FOREIGN KEY (tenant_id, field_id)
                REFERENCES free_fields (tenant_id, id) ON DELETE CASCADE
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_free_values_tenant_id_record_id_field_id "
        "ON free_values (tenant_id, record_id, field_id)"
    )
    op.execute("CREATE INDEX ix_free_values_tenant_id_ends_on ON free_values (tenant_id, ends_on)")
    tenant_table("free_values")
    # Values end with their record, whoever ends it; ids of two kinds of records never meet.
    op.execute(
        """
        CREATE FUNCTION free_values_end() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            DELETE FROM free_values v USING gone
            WHERE v.tenant_id = gone.tenant_id AND v.record_id = gone.id;
            RETURN NULL;
        END $$
        """
    )
    op.execute("REVOKE ALL ON FUNCTION free_values_end() FROM PUBLIC")
    for table in _WITH_VALUES:
        op.execute(
            f"CREATE TRIGGER free_values_end AFTER DELETE ON {table} "
            "REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION free_values_end()"
        )


def _charging() -> None:
    op.execute(
        """
        CREATE TABLE usage_days (
            tenant_id uuid NOT NULL,
            day date NOT NULL,
            account_id uuid NOT NULL,
            direction text NOT NULL,
            country text NOT NULL,
            calls bigint NOT NULL,
            seconds bigint NOT NULL,
            counted_at timestamptz NOT NULL,
            CONSTRAINT pk_usage_days PRIMARY KEY (tenant_id, day, account_id, direction, country)
        )
        """
    )
    tenant_table("usage_days")
    op.execute(
        """
        CREATE TABLE call_price_lists (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            valid_from date NOT NULL,
            currency text NOT NULL,
            vat_percent numeric NOT NULL,
            product_code text NOT NULL,
            rules jsonb NOT NULL,
            saved_at timestamptz NOT NULL,
            CONSTRAINT pk_call_price_lists PRIMARY KEY (tenant_id, id),
            CONSTRAINT uq_call_price_lists_tenant_id_valid_from UNIQUE (tenant_id, valid_from),
            CONSTRAINT ck_call_price_lists_vat_percent CHECK (vat_percent BETWEEN 0 AND 100)
        )
        """
    )
    tenant_table("call_price_lists", app="SELECT, INSERT, UPDATE")
    op.execute(
        """
        CREATE TABLE call_payers (
            tenant_id uuid NOT NULL,
            account_id uuid NOT NULL,
            contact_id uuid NOT NULL,
            set_at timestamptz NOT NULL,
            CONSTRAINT pk_call_payers PRIMARY KEY (tenant_id, account_id),
            CONSTRAINT fk_call_payers_tenant_id_account_id FOREIGN KEY (tenant_id, account_id)
                REFERENCES connector_accounts (tenant_id, id)
        )
        """
    )
    tenant_table("call_payers")


def downgrade() -> None:
    for table in ("call_payers", "call_price_lists", "usage_days"):
        op.execute(f"DROP TABLE {table}")
    for table in _WITH_VALUES:
        op.execute(f"DROP TRIGGER free_values_end ON {table}")
    op.execute("DROP FUNCTION free_values_end()")
    op.execute("DROP TABLE free_values")
    op.execute("DROP TABLE free_fields")
    op.execute("DROP TRIGGER end_lease ON outbox_jobs")
    op.execute("DROP FUNCTION outbox_end_lease()")
