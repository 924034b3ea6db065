"""Change notifications that Microsoft sends."""

revision = "0012_microsoft"
down_revision = "0011_syncs"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
