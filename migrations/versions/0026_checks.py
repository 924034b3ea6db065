"""Nothing yet."""

revision = "0026_checks"
down_revision = "0025_exports"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
