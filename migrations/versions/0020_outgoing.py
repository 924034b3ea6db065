"""Nothing yet."""

revision = "0020_outgoing"
down_revision = "0019_accounts"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
