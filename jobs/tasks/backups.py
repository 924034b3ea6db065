"""backup.run: an archive when one is due, and tidiness each hour."""

from jobs.contexts import TaskContext
from jobs.yards import is_configured, yard_of
from privacy.backups.run import run_backup


def run(context: TaskContext) -> None:
    """No payload. Killed, it is simply run again; the store holds whole archives only."""
    if is_configured(context.house):
        run_backup(yard_of(context.house), force=context.payload.get("now") is True)
