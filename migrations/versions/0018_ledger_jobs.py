"""Verifications of the ledger by jobs."""

revision = "0018_ledger_jobs"
down_revision = "0017_mappings"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
