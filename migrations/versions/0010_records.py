"""Contacts, products, invoices, payments and subscriptions of connected systems."""

revision = "0010_records"
down_revision = "0009_imports"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
