"""Databases that were put back: what they do not know to be over."""

revision = "0030_restored"
down_revision = "0029_systems"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
