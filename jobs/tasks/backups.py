"""backup.run and backup.watch: an archive when one is due, and a look at everything each hour."""

from jobs.contexts import TaskContext
from jobs.yards import is_configured, services_of, yard_of
from privacy.backups.alerts import WORDS, find_alerts, note_alerts
from privacy.backups.run import run_backup
from privacy.mails.kinds import MailKind
from privacy.vault.key_checks import check_keys
from privacy.vault.restores import check_escrow
from tenants.memberships.notify_admins import notify_operators


def run(context: TaskContext) -> None:
    """Payload: `force` where somebody asked for it.

    Killed, it is simply run again: the store holds whole archives only.
    """
    if is_configured(context.house):
        run_backup(yard_of(context.house), force=context.payload.get("force") is True)


def watch(context: TaskContext) -> None:
    """Tell the operators what is wrong with archives, drills and escrow; no payload."""
    house = context.house

    def escrow() -> None:
        check_keys(house.engines.app, house.custody)
        house.custody.escrow.check()
        check_escrow(house.custody)

    services = services_of(house)
    with context.work() as work:
        found = find_alerts(work, house.settings, services=services, escrow=escrow)
        told = note_alerts(work, found)
    if told.fresh:
        text = "\n".join(f"- {WORDS[alert]}" for alert in told.fresh)
        values = {"text": text, "link": f"{house.settings.public_url}/backups"}
        notify_operators(
            house.desk, actor=context.actor, notice=MailKind.BACKUP_ALERT, values=values
        )
