"""Connected systems, third round: names of own fields in several languages."""

from alembic import op

revision = "0032_prices"
down_revision = "0031_rights"


def upgrade() -> None:
    # By language; `label` stays what is shown where there is none of the reader's.
    op.execute("ALTER TABLE free_fields ADD COLUMN labels jsonb NOT NULL DEFAULT '{}'")


def downgrade() -> None:
    op.execute("ALTER TABLE free_fields DROP COLUMN labels")
