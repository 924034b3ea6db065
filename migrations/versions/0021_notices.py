"""Nothing yet."""

revision = "0021_notices"
down_revision = "0020_outgoing"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
