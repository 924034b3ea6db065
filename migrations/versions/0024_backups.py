"""Nothing yet."""

revision = "0024_backups"
down_revision = "0023_registers"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
