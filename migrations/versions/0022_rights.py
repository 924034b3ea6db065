"""Nothing yet."""

revision = "0022_rights"
down_revision = "0021_notices"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
