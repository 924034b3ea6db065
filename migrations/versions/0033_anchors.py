"""Anchors of the ledger, to come."""

revision = "0033_anchors"
down_revision = "0032_prices"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
