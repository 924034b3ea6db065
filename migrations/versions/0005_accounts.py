"""Connector accounts."""

revision = "0005_accounts"
down_revision = "0004_tenants"


def upgrade() -> None:
    """To be written."""


def downgrade() -> None:
    """To be written."""
