"""Archives that tenants take with them."""

from alembic import op

revision = "0026_exports"
down_revision = "0025_checks"


def upgrade() -> None:
    """Forward."""
    op.execute("SELECT 1")


def downgrade() -> None:
    """Back."""
    op.execute("SELECT 1")
