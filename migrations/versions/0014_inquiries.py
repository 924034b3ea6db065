"""Inquiries and registrations."""

revision = "0014_inquiries"
down_revision = "0013_registers"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
