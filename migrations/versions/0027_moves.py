"""Moving to another server."""

from alembic import op

revision = "0027_moves"
down_revision = "0026_exports"


def upgrade() -> None:
    """Forward."""
    op.execute("SELECT 1")


def downgrade() -> None:
    """Back."""
    op.execute("SELECT 1")
