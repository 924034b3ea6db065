"""Provisioning by a marketplace."""

revision = "0015_marketplace"
down_revision = "0014_inquiries"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
