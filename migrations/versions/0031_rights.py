"""Rights of persons, third round: endpoints say what their events are for."""

from alembic import op

revision = "0031_rights"
down_revision = "0030_restored"


_USES = (
    "'delivery', 'accounts', 'response', 'future_communication', 'direct_marketing', "
    "'telemarketing', 'market_research', 'opinion_polls', 'personal_research'"
)


def upgrade() -> None:
    op.execute("ALTER TABLE webhook_endpoints ADD COLUMN use text NOT NULL DEFAULT 'delivery'")
    op.execute(
        "ALTER TABLE webhook_endpoints ADD CONSTRAINT ck_webhook_endpoints_use "
        f"CHECK (use IN ({_USES}))"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE webhook_endpoints DROP COLUMN use")
