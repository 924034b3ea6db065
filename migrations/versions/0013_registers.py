"""Consents, objections and suppressions."""

revision = "0013_registers"
down_revision = "0012_microsoft"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
