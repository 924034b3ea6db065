"""Connected systems, words of choices in several languages."""

from alembic import op

revision = "0033_choices"
down_revision = "0032_prices"


def upgrade() -> None:
    # By language and by the word that is kept; what has none is shown as it is kept.
    op.execute("ALTER TABLE free_fields ADD COLUMN words jsonb NOT NULL DEFAULT '{}'")


def downgrade() -> None:
    op.execute("ALTER TABLE free_fields DROP COLUMN words")
