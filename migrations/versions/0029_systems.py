"""Connected systems, second round."""

from alembic import op

revision = "0029_systems"
down_revision = "0028_subjects"


def upgrade() -> None:
    """Forward."""
    op.execute("SELECT 1")


def downgrade() -> None:
    """Back."""
    op.execute("SELECT 1")
