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
        "inquiry_messages",
        "registrants",
        "registrant_sessions",
        "registrant_links",
        "registration_checks",
        "outgoing_documents",
        "consents",
        "objections",
        "mails",
        "identity_documents",
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


_REQUEST = """FOREIGN KEY (tenant_id, request_id)
            REFERENCES subject_requests (tenant_id, id) ON DELETE CASCADE"""
_TABLES = {
    "restrictions": f"""
        id uuid NOT NULL,
        request_id uuid NOT NULL,
        ground text NOT NULL,
        person_sealed bytea NOT NULL,
        trail_sealed bytea NOT NULL,
        trail_version integer NOT NULL,
        began_at timestamptz NOT NULL,
        began_by uuid,
        mail_id uuid,
        noticed_at timestamptz,
        notice_sealed bytea,
        lifted_at timestamptz,
        lifted_by uuid,
        CONSTRAINT pk_restrictions PRIMARY KEY (tenant_id, id),
        CONSTRAINT fk_restrictions_tenant_id_request_id {_REQUEST},
        CONSTRAINT ck_restrictions_ground CHECK (ground IN ('accuracy_contested', 'unlawful',
            'needed_for_claims', 'objection_pending', 'objection_upheld'))
    """,
    "legal_holds": """
        id uuid NOT NULL,
        relation text NOT NULL,
        row_id uuid NOT NULL,
        reason_sealed bytea NOT NULL,
        began_at timestamptz NOT NULL,
        began_by uuid,
        ended_at timestamptz,
        ended_by uuid,
        CONSTRAINT pk_legal_holds PRIMARY KEY (tenant_id, id),
        CONSTRAINT ck_legal_holds_relation CHECK (relation IN ('contacts', 'inquiries',
            'invoices', 'payments', 'subscriptions', 'registrants'))
    """,
    "identity_documents": """
        id uuid NOT NULL,
        subject_id uuid NOT NULL,
        use text NOT NULL,
        media text NOT NULL,
        content_sealed bytea NOT NULL,
        given_at timestamptz NOT NULL,
        given_by uuid,
        CONSTRAINT pk_identity_documents PRIMARY KEY (tenant_id, id),
        CONSTRAINT ck_identity_documents_use CHECK (use IN ('doubtful_registrant',
            'domain_transfer', 'identification_of_requester'))
    """,
}
_INDEXES = (
    "CREATE INDEX ix_restrictions_tenant_id_lifted_at ON restrictions (tenant_id, lifted_at)",
    "CREATE INDEX ix_restrictions_tenant_id_request_id ON restrictions (tenant_id, request_id)",
    "CREATE INDEX ix_legal_holds_tenant_id_row_id ON legal_holds (tenant_id, row_id)",
    "CREATE INDEX ix_identity_documents_tenant_id_subject_id "
    "ON identity_documents (tenant_id, subject_id)",
    "CREATE INDEX ix_subject_requests_tenant_id_bundle_id "
    "ON subject_requests (tenant_id, bundle_id)",
)
_COLUMNS = {
    "change_sealed": "bytea",
    "doubted_at": "timestamptz",
    "doubt_sealed": "bytea",
    "ordered_at": "timestamptz",
    "order_sealed": "bytea",
    "forwarded_at": "timestamptz",
    "extension_mail_id": "uuid",
    "bundle_id": "uuid",
}
_KINDS = ("access", "portability", "erasure", "rectification", "restriction", "objection")
_GROUNDS = ("unfounded", "excessive", "not_identified", "rights_of_others", "legal_obligation",
            "legal_claims")  # fmt: skip
_PHASES = ("collect", "erase", "manual", "rescan", "certify", "answer")
_BECAUSE = ("accounting_obligation", "claims", "evidence_of_consent", "suppression",
            "evidence_of_requests", "answers_being_sent")  # fmt: skip
_CODES = ("identity", "result")
_WORDS = {
    ("subject_requests", "kind"): (_KINDS, ("processing_objection",)),
    ("subject_requests", "ground"): (
        _GROUNDS,
        (
            "freedom_of_expression",
            "public_interest",
            "data_is_accurate",
            "no_ground_to_restrict",
            "compelling_grounds",
            "not_portable",
        ),
    ),
    ("subject_requests", "code_for"): (_CODES, ("telephone",)),
    ("subject_steps", "phase"): (_PHASES, ("restrict", "rectify", "decide", "notify", "forward")),
    ("subject_steps", "because"): (_BECAUSE, ("legal_hold",)),
}
"""Words that were allowed, and those that are allowed besides."""
_HELD = ("contacts", "inquiries", "invoices", "payments", "subscriptions", "registrants")


def upgrade() -> None:
    for table, columns in _TABLES.items():
        op.execute(f"CREATE TABLE {table} (tenant_id uuid NOT NULL, {columns})")
        tenant_table(table)
    for name, kind in _COLUMNS.items():
        op.execute(f"ALTER TABLE subject_requests ADD COLUMN {name} {kind}")
    for index in _INDEXES:
        op.execute(index)
    for (table, column), (before, besides) in _WORDS.items():
        _allow(table, column, (*before, *besides))
    _holds()
    _journal()
    _on_delete()
    _on_change()


def _allow(table: str, column: str, words: tuple[str, ...]) -> None:
    name = f"ck_{table}_{column}"
    listed = ", ".join(f"'{word}'" for word in words)
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IN ({listed}))")


def _holds() -> None:
    # Read again just before each delete, whoever deletes: a held row is passed over.
    op.execute(
        """
        CREATE FUNCTION legal_hold_stands() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (
                SELECT FROM legal_holds h WHERE h.tenant_id = OLD.tenant_id
                AND h.row_id = OLD.id AND h.relation = TG_TABLE_NAME AND h.ended_at IS NULL
            ) THEN
                RETURN NULL;
            END IF;
            RETURN OLD;
        END $$
        """
    )
    op.execute("REVOKE ALL ON FUNCTION legal_hold_stands() FROM PUBLIC")
    for table in _HELD:
        op.execute(
            f"CREATE TRIGGER legal_hold_stands BEFORE DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION legal_hold_stands()"
        )


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
    for table in _HELD:
        op.execute(f"DROP TRIGGER legal_hold_stands ON {table}")
    op.execute("DROP FUNCTION legal_hold_stands()")
    for (table, column), (before, besides) in _WORDS.items():
        # What only these words could say is not known below.
        listed = ", ".join(f"'{word}'" for word in besides)
        op.execute(f"DELETE FROM {table} WHERE {column} IN ({listed})")
        _allow(table, column, before)
    for table in ("erasure_heads", "erasure_journal", *reversed(_TABLES)):
        op.execute(f"DROP TABLE {table}")
    for name in _COLUMNS:
        op.execute(f"ALTER TABLE subject_requests DROP COLUMN {name}")
