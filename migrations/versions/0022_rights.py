"""The journal of erasures; restrictions, disclosures to be corrected, documents of requests."""

from alembic import op

from migrations.ddl import tenant_table

revision = "0022_rights"
down_revision = "0021_notices"

_IDS = {
    "id": (
        "contacts",
        "invoices",
        "payments",
        "subscriptions",
        "inquiries",
        "registrants",
        "registrant_sessions",
        "registrant_links",
        "registration_checks",
        "outgoing_documents",
        "consents",
        "objections",
        "mails",
    ),
    "day,id": ("calls", "call_sources", "inquiry_logs"),
}
_REDUCED = {
    "invoices": "state,gone_at,document_sealed",
    "payments": "state,gone_at,document_sealed",
    "registrants": "state,closed_at,ends_on,email_digest,login_digest,password_sealed",
    "consents": "ends_on",
    "outgoing_documents": "state,content_sealed,failure_code,failure_kind,failure_text",
}
_WHILE_ERASING = "WHEN (current_setting('app.erasing', true) = 'on')"


def upgrade() -> None:
    _journal()
    _on_delete()
    _on_change()


def _journal() -> None:
    op.execute(
        """
        CREATE TABLE erasure_journal (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            relation text NOT NULL,
            act text NOT NULL,
            rows jsonb NOT NULL,
            at timestamptz NOT NULL,
            CONSTRAINT pk_erasure_journal PRIMARY KEY (tenant_id, id),
            CONSTRAINT ck_erasure_journal_act CHECK (act IN ('deleted', 'changed', 'added'))
        )
        """
    )
    op.execute(
        """
        CREATE TABLE erasure_heads (
            tenant_id uuid NOT NULL,
            segments integer NOT NULL,
            mac bytea NOT NULL,
            moved_at timestamptz NOT NULL,
            CONSTRAINT pk_erasure_heads PRIMARY KEY (tenant_id)
        )
        """
    )
    tenant_table("erasure_journal", app="SELECT, INSERT, DELETE")
    tenant_table("erasure_heads", app="SELECT, INSERT, UPDATE")


def _on_delete() -> None:
    # One note a statement, with the keys of all rows that it deleted; cascades included.
    op.execute(
        """
        CREATE FUNCTION erasure_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            keys text;
        BEGIN
            IF current_setting('app.erasing', true) IS DISTINCT FROM 'on' THEN
                RETURN NULL;
            END IF;
            SELECT string_agg(format('%L, %I', k, k), ', ') INTO keys
            FROM unnest(string_to_array(TG_ARGV[0], ',')) AS k;
            EXECUTE format(
                'INSERT INTO erasure_journal (tenant_id, id, relation, act, rows, at) '
                'SELECT tenant_id, gen_random_uuid(), %L, ''deleted'', '
                'jsonb_agg(jsonb_build_object(%s)), clock_timestamp() '
                'FROM gone GROUP BY tenant_id', TG_TABLE_NAME, keys);
            RETURN NULL;
        END $$
        """
    )
    op.execute("REVOKE ALL ON FUNCTION erasure_deleted() FROM PUBLIC")
    for keys, tables in _IDS.items():
        for table in tables:
            op.execute(
                f"CREATE TRIGGER erasure_deleted AFTER DELETE ON {table} "
                "REFERENCING OLD TABLE AS gone FOR EACH STATEMENT "
                f"EXECUTE FUNCTION erasure_deleted('{keys}')"
            )


def _on_change() -> None:
    # What a change leaves: words, days and NULLs. Sealed values that remain are not repeated.
    op.execute(
        r"""
        CREATE FUNCTION erasure_changed() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            made jsonb := to_jsonb(NEW);
            said jsonb;
        BEGIN
            SELECT jsonb_object_agg(k, made -> k) INTO said
            FROM unnest(string_to_array(TG_ARGV[0], ',')) AS k
            WHERE coalesce(made ->> k, '') NOT LIKE '\\x%';
            INSERT INTO erasure_journal (tenant_id, id, relation, act, rows, at)
            VALUES (NEW.tenant_id, gen_random_uuid(), TG_TABLE_NAME,
                CASE TG_OP WHEN 'INSERT' THEN 'added' ELSE 'changed' END,
                jsonb_build_array(said), clock_timestamp());
            RETURN NULL;
        END $$
        """
    )
    op.execute("REVOKE ALL ON FUNCTION erasure_changed() FROM PUBLIC")
    for table, columns in _REDUCED.items():
        op.execute(
            f"CREATE TRIGGER erasure_changed AFTER UPDATE ON {table} FOR EACH ROW "
            f"{_WHILE_ERASING} EXECUTE FUNCTION erasure_changed('id,{columns}')"
        )
    op.execute(
        "CREATE TRIGGER erasure_added AFTER INSERT ON erased_records FOR EACH ROW "
        f"{_WHILE_ERASING} EXECUTE FUNCTION "
        "erasure_changed('token,contact_id,account_id,erased_at')"
    )


def downgrade() -> None:
    for table in (table for tables in _IDS.values() for table in tables):
        op.execute(f"DROP TRIGGER erasure_deleted ON {table}")
    for table in _REDUCED:
        op.execute(f"DROP TRIGGER erasure_changed ON {table}")
    op.execute("DROP TRIGGER erasure_added ON erased_records")
    op.execute("DROP FUNCTION erasure_deleted()")
    op.execute("DROP FUNCTION erasure_changed()")
    for table in ("erasure_heads", "erasure_journal"):
        op.execute(f"DROP TABLE {table}")
