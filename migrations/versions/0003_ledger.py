"""The ledger."""

revision = "0003_ledger"
down_revision = "0002_vault"


def upgrade() -> None:
    """To be written."""


def downgrade() -> None:
    """To be written."""
