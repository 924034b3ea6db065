"""`silta retention run`."""

from datetime import datetime

import click

from jobs.commands.output import answer, as_json
from jobs.installation import open_installation
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM, unit_of_work
from privacy.core.errors import Invalid
from privacy.core.watch import accept_clock
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.retention.run import RetentionReport, preview_retention, run_retention
from tenants.tenants.retentions import shorter_retentions


@click.group()
def retention() -> None:
    """What ends when its time is over."""


@retention.command("run")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="With --dry-run: a day to look from. Without, only a development clock moves time.",
)
@click.option("--dry-run", is_flag=True, help="Say what would go; change nothing.")
@as_json
def run(as_of: datetime | None, dry_run: bool, as_json: bool) -> None:
    """Destroy what is due: day keys, then old copies (a new epoch), then partitions."""
    if as_of is not None and not dry_run:
        raise Invalid(
            "Destroying as of another day is not possible: add --dry-run, or move the development "
            "clock of the whole installation (SILTA_CLOCK_DAYS)."
        )
    installation = open_installation()
    shorter = shorter_retentions(installation.desk)
    if dry_run:
        day = as_of.date() if as_of else None
        report = preview_retention(installation.engines, shorter=shorter, as_of=day)
    else:
        installation.check()
        report = run_retention(installation.engines, installation.custody, shorter=shorter)
    answer(_document(report), _line(report), as_json=as_json)


@retention.command("accept-clock")
@as_json
def accept(as_json: bool) -> None:
    """After a leap of the clock: this is the time; what is due by it may be destroyed."""
    installation = open_installation()
    with installation.engines.app.begin() as connection:
        moment = accept_clock(connection)
    with unit_of_work(installation.engines.app, tenant_id=INSTALLATION_ID, actor=SYSTEM) as work:
        record(work, Event.CLOCK_ACCEPTED)
    answer({"now": moment}, f"It is {moment:%Y-%m-%d %H:%M} UTC.", as_json=as_json)


def _document(report: RetentionReport) -> dict[str, object]:
    return {
        "as_of": report.today,
        "dry_run": report.dry,
        "day_keys": report.keys,
        "partitions": report.partitions,
        "epoch": report.epoch,
    }


def _line(report: RetentionReport) -> str:
    verb = "would be destroyed" if report.dry else "were destroyed"
    line = f"{report.keys} day keys and {report.partitions} partitions {verb} as of {report.today}."
    return line if report.epoch is None else f"{line} Epoch {report.epoch} has begun."
