"""Tenants and people."""

revision = "0004_tenants"
down_revision = "0003_ledger"


def upgrade() -> None:
    """To be written."""


def downgrade() -> None:
    """To be written."""
