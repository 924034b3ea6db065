"""Calls, by day."""

revision = "0006_calls"
down_revision = "0005_accounts"


def upgrade() -> None:
    """To be written."""


def downgrade() -> None:
    """To be written."""
