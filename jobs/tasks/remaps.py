"""calls.remap and records.remap: what was kept of an account's documents, read again."""

from connector.remaps.run import remap_calls
from connector.syncs.remap_account import remap_account
from jobs.contexts import TaskContext
from jobs.tasks.syncs import station_of


def run(context: TaskContext) -> None:
    """Payload: account_id. Killed anywhere, it is simply run again."""
    house = context.house
    remap_calls(
        house.engines.app,
        vault=house.vault,
        tenant_id=context.tenant_id,
        actor=context.actor,
        account_id=context.id_of("account_id"),
    )


def run_records(context: TaskContext) -> None:
    """Payload: account_id. Killed anywhere, it is simply run again."""
    remap_account(station_of(context), account_id=context.id_of("account_id"))
