"""calls.remap: what was kept of an account's documents, read again."""

from connector.remaps.run import remap_calls
from jobs.contexts import TaskContext


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
