"""Nothing yet."""

revision = "0023_registers"
down_revision = "0022_rights"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
