"""Nothing yet."""

revision = "0019_accounts"
down_revision = "0018_subjects"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
