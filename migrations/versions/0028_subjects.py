"""Ways in for people whose tenant, or service, is unknown; statistics that a tenant publishes."""

from alembic import op

revision = "0028_subjects"
down_revision = "0027_moves"

_COLUMNS = {"subject_requests": "every_service", "tenants": "publishes_statistics"}


def upgrade() -> None:
    """Both are off where nobody said anything."""
    for table, column in _COLUMNS.items():
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} boolean NOT NULL DEFAULT false")


def downgrade() -> None:
    """Back."""
    for table, column in _COLUMNS.items():
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
