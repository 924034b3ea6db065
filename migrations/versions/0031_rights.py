"""Rights of persons, third round."""

revision = "0031_rights"
down_revision = "0030_restored"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
