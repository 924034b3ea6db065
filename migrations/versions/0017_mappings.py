"""Mappings that tenants edit."""

revision = "0017_mappings"
down_revision = "0016_events_out"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
