"""Contacts, products, invoices, payments and subscriptions of connected systems."""

from alembic import op

from migrations.ddl import tenant_table

revision = "0010_records"
down_revision = "0009_imports"

_KINDS = ("contacts", "products", "invoices", "payments", "subscriptions")


def upgrade() -> None:
    for table in _KINDS:
        _records(table)
    op.execute(
        """
        CREATE TABLE contact_tokens (
            tenant_id uuid NOT NULL,
            kind text NOT NULL,
            token bigint NOT NULL,
            contact_id uuid NOT NULL,
            CONSTRAINT pk_contact_tokens PRIMARY KEY (tenant_id, kind, token, contact_id),
            CONSTRAINT ck_contact_tokens_kind CHECK (kind IN ('phone', 'email', 'name', 'vat_id',
                'register', 'code'))
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_contact_tokens_tenant_id_contact_id "
        "ON contact_tokens (tenant_id, contact_id)"
    )
    tenant_table("contact_tokens")
    _tokens_end_with_contacts()
    _erased()


def _erased() -> None:
    op.execute(
        """
        CREATE TABLE erased_records (
            tenant_id uuid NOT NULL,
            token bigint NOT NULL,
            contact_id uuid NOT NULL,
            account_id uuid NOT NULL,
            erased_at timestamptz NOT NULL,
            CONSTRAINT pk_erased_records PRIMARY KEY (tenant_id, token)
        )
        """
    )
    for column in ("contact_id", "account_id"):
        op.execute(
            f"CREATE INDEX ix_erased_records_tenant_id_{column} "
            f"ON erased_records (tenant_id, {column})"
        )
    tenant_table("erased_records", app="SELECT, INSERT, DELETE")


def _tokens_end_with_contacts() -> None:
    # In place of a foreign key. It was checked row by row, by a plan that a session made while the
    # table was empty and kept: the first read of 10,000 contacts spent nine tenths of its time so.
    op.execute(
        """
        CREATE FUNCTION contact_tokens_end() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            DELETE FROM contact_tokens t USING gone
            WHERE t.tenant_id = gone.tenant_id AND t.contact_id = gone.id;
            RETURN NULL;
        END $$
        """
    )
    op.execute("REVOKE ALL ON FUNCTION contact_tokens_end() FROM PUBLIC")
    op.execute(
        "CREATE TRIGGER contact_tokens_end AFTER DELETE ON contacts "
        "REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION contact_tokens_end()"
    )


def _records(table: str) -> None:
    # No foreign key to the account: a held invoice outlives it, and accounts are never deleted.
    op.execute(
        f"""
        CREATE TABLE {table} (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            account_id uuid,
            stream text NOT NULL,
            version integer NOT NULL,
            source_version bigint,
            subject_group text NOT NULL,
            source text NOT NULL,
            source_name text,
            state text NOT NULL,
            content_digest bytea NOT NULL,
            about_token bigint,
            doubts smallint NOT NULL,
            hold_until date,
            first_seen_at timestamptz NOT NULL,
            changed_at timestamptz NOT NULL,
            seen_sweep uuid,
            gone_at timestamptz,
            sealed bytea NOT NULL,
            document_sealed bytea,
            CONSTRAINT pk_{table} PRIMARY KEY (tenant_id, id),
            CONSTRAINT ck_{table}_state CHECK (state IN ('living', 'held')),
            CONSTRAINT ck_{table}_source CHECK (source IN ('given_by_customer', 'public_source',
                'use_of_service')),
            CONSTRAINT ck_{table}_subject_group CHECK (subject_group IN ('customers',
                'customers_of_customers'))
        )
        """
    )
    op.execute(
        f"CREATE INDEX ix_{table}_tenant_id_changed_at_id ON {table} (tenant_id, changed_at, id)"
    )
    op.execute(
        f"CREATE INDEX ix_{table}_tenant_id_account_id_stream "
        f"ON {table} (tenant_id, account_id, stream)"
    )
    op.execute(
        f"CREATE INDEX ix_{table}_tenant_id_about_token ON {table} (tenant_id, about_token) "
        "WHERE about_token IS NOT NULL"
    )
    op.execute(
        f"CREATE INDEX ix_{table}_tenant_id_hold_until ON {table} (tenant_id, hold_until) "
        "WHERE state = 'held'"
    )
    # Sealed blobs are random: compressing them only costs time.
    for column in ("sealed", "document_sealed"):
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTERNAL")
    tenant_table(table)


def downgrade() -> None:
    for table in ("erased_records", "contact_tokens", *_KINDS):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION contact_tokens_end()")
