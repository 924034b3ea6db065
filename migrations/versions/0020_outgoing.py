"""Mails that come, and one chain of attempts for what goes out."""

from alembic import op

from migrations.ddl import directory_table, tenant_table

revision = "0020_outgoing"
down_revision = "0019_accounts"

_ADDRESSES = """
    CREATE TABLE mail_addresses (
        tenant_id uuid NOT NULL,
        digest bytea NOT NULL,
        purpose text NOT NULL,
        about uuid NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_mail_addresses PRIMARY KEY (tenant_id, digest)
    )
"""
_TAKEN = """
    CREATE TABLE taken_mails (
        tenant_id uuid NOT NULL,
        digest bytea NOT NULL,
        purpose text NOT NULL,
        outcome text NOT NULL,
        taken_at timestamptz NOT NULL,
        CONSTRAINT pk_taken_mails PRIMARY KEY (tenant_id, digest)
    )
"""


_BUDGETS = """
    CREATE TABLE account_budgets (
        tenant_id uuid NOT NULL,
        account_id uuid NOT NULL,
        turns timestamptz[] NOT NULL DEFAULT '{}',
        CONSTRAINT pk_account_budgets PRIMARY KEY (tenant_id, account_id),
        CONSTRAINT fk_account_budgets_tenant_id_account_id FOREIGN KEY (tenant_id, account_id)
            REFERENCES connector_accounts (tenant_id, id)
    )
"""


def upgrade() -> None:
    op.execute(_ADDRESSES)
    # Looked up before a tenant is known, so this one index leads with the digest.
    op.execute("CREATE INDEX ix_mail_addresses_digest ON mail_addresses (digest)")
    op.execute(
        "CREATE INDEX ix_mail_addresses_tenant_id_about ON mail_addresses (tenant_id, about)"
    )
    directory_table("mail_addresses")
    op.execute(_TAKEN)
    op.execute(
        "CREATE INDEX ix_taken_mails_tenant_id_taken_at ON taken_mails (tenant_id, taken_at)"
    )
    tenant_table("taken_mails")
    op.execute("ALTER TABLE inquiry_messages ADD COLUMN sender_digest bytea")
    op.execute(
        "CREATE INDEX ix_inquiry_messages_tenant_id_sender_digest "
        "ON inquiry_messages (tenant_id, sender_digest)"
    )
    _ways("'in', 'out', 'note', 'other'")
    op.execute(_BUDGETS)
    tenant_table("account_budgets")
    # Of rows that are there already it is unknown: they are due.
    op.execute("ALTER TABLE outgoing_documents ADD COLUMN next_at timestamptz")
    op.execute(
        "CREATE INDEX ix_outgoing_documents_tenant_id_next_at "
        "ON outgoing_documents (tenant_id, next_at)"
    )


def _ways(ways: str) -> None:
    name = "ck_inquiry_messages_way"
    op.execute(f"ALTER TABLE inquiry_messages DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE inquiry_messages ADD CONSTRAINT {name} CHECK (way IN ({ways}))")


def downgrade() -> None:
    op.execute("ALTER TABLE outgoing_documents DROP COLUMN next_at")
    op.execute("DROP TABLE account_budgets")
    op.execute("DELETE FROM inquiry_messages WHERE way = 'other'")
    _ways("'in', 'out', 'note'")
    op.execute("ALTER TABLE inquiry_messages DROP COLUMN sender_digest")
    op.execute("DROP TABLE taken_mails")
    op.execute("DROP TABLE mail_addresses")
