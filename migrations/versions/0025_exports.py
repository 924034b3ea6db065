"""Nothing yet."""

revision = "0025_exports"
down_revision = "0024_backups"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
