"""What was suspended, paused or removed is journaled as ends are, so that no restored database
serves, asks or tells whom somebody had stopped. Going on again is a note, too: the last one counts.
"""

from alembic import op

from migrations.ddl import APP

revision = "0034_paused"
down_revision = "0033_choices"

# Table, trigger, when, and what the note says (see 0030_restored).
_ENDINGS = (
    ("tenants", "ending_state", "UPDATE", "state", "tenant_id,state", "ended"),
    ("webhook_endpoints", "ending_deleted", "DELETE", "", "id", "deleted"),
    (
        "webhook_endpoints",
        "ending_state",
        "UPDATE",
        "state",
        "id,state,state_reason,state_at",
        "ended",
    ),
    (
        "connector_accounts",
        "ending_disabled_by",
        "UPDATE",
        "disabled_by",
        "id,state,state_reason,state_at,disabled_by",
        "ended",
    ),
    ("account_streams", "ending_paused", "UPDATE", "paused", "account_id,stream,paused", "ended"),
)


def upgrade() -> None:
    for table, name, on, column, said, act in _ENDINGS:
        changed = f" AND OLD.{column} IS DISTINCT FROM NEW.{column}" if column else ""
        op.execute(
            f"CREATE TRIGGER {name} AFTER {on} ON {table} FOR EACH ROW "
            f"WHEN (current_user = '{APP}'{changed}) "
            f"EXECUTE FUNCTION ending_noted('{table}', '{act}', '{said}')"
        )


def downgrade() -> None:
    for table, name, *_ in _ENDINGS:
        op.execute(f"DROP TRIGGER {name} ON {table}")
