"""Deaths of jobs in one commit with their events."""

from alembic import op

revision = "0019_accounts"
down_revision = "0018_subjects"


def upgrade() -> None:
    # Who gives a job up says so in the tenant's ledger, in one commit: the application does, and
    # it can neither take nor end a lease. So the lease ends by itself.
    op.execute(
        """
        CREATE FUNCTION outbox_end_lease() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.lease_token := NULL;
            NEW.lease_until := NULL;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER end_lease BEFORE UPDATE OF state ON outbox_jobs FOR EACH ROW "
        "WHEN (NEW.state = 'dead') EXECUTE FUNCTION outbox_end_lease()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER end_lease ON outbox_jobs")
    op.execute("DROP FUNCTION outbox_end_lease()")
