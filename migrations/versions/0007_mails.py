"""Mails, sealed until they are sent."""

revision = "0007_mails"
down_revision = "0006_calls"


def upgrade() -> None:
    """To be written."""


def downgrade() -> None:
    """To be written."""
