"""export.make, export.notice and exports.due: a tenant's archive is made when it is due."""

from connector.exports.make import Making, fail_export, make_export
from connector.exports.notices import tell_of_export
from connector.exports.schedules import ask_due
from jobs.contexts import TaskContext
from jobs.policy import code_of, is_final, policy_of
from jobs.tasks.rounds import go_round
from migrations.run import head


def make(context: TaskContext) -> None:
    """Payload: export_id. Killed anywhere, it is simply run again."""
    export_id = context.id_of("export_id")
    making = Making(
        context.house.desk, context.tenant_id, context.actor, export_id, schema=head() or ""
    )
    try:
        make_export(making)
    except Exception as error:
        last = context.attempt + 1 >= policy_of(context.name).attempts
        if last or is_final(error):
            fail_export(making, code=code_of(error))
        raise


def tell(context: TaskContext) -> None:
    """Payload: export_id. Tell by mail how a scheduled one went."""
    tell_of_export(
        context.house.desk,
        tenant_id=context.tenant_id,
        actor=context.actor,
        export_id=context.id_of("export_id"),
    )


def ask(context: TaskContext) -> None:
    """Ask for every tenant's export that is due; no payload."""
    go_round(context, ask_due)
