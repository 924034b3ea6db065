"""Events that tenants receive."""

revision = "0016_events_out"
down_revision = "0015_marketplace"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
