"""Requests of data subjects."""

revision = "0018_subjects"
down_revision = "0017_mappings"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
