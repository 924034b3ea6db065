"""The key ring."""

revision = "0002_vault"
down_revision = "0001_core"


def upgrade() -> None:
    """To be written."""


def downgrade() -> None:
    """To be written."""
