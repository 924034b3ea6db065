"""Runs, cursors and credentials of connected systems."""

revision = "0011_syncs"
down_revision = "0010_records"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
