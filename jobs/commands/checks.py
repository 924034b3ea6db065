"""`silta checks …`: reports of advisories, and the baseline of the configuration."""

import sys
from contextlib import AbstractContextManager
from pathlib import Path

import click

from connector.checks.configuration import configuration_of
from jobs.commands.output import answer, as_json
from jobs.installation import Installation, open_installation
from privacy.checks.advisories import import_report
from privacy.checks.baselines import accept, compare
from privacy.checks.reports import read_debian, read_installed, read_pip_audit
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM, UnitOfWork, unit_of_work

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def checks() -> None:
    """Security advisories and drift of the configuration."""


@checks.command("import-pip")
@click.argument("report", type=_FILE)
@as_json
def import_pip(report: Path, as_json: bool) -> None:
    """Take what `pip-audit --format json` said."""
    reported = read_pip_audit(report.read_text(encoding="utf-8"))
    with _work(open_installation()) as work:
        done = import_report(work, source="python", reported=reported)
    _told(done.seen, done.new, done.gone, as_json=as_json)


@checks.command("import-debian")
@click.argument("report", type=_FILE)
@click.option("--release", required=True, help="Name of the release, like bookworm.")
@click.option(
    "--installed",
    required=True,
    type=_FILE,
    help="Lines of source package and version, from dpkg-query.",
)
@as_json
def import_debian(report: Path, release: str, installed: Path, as_json: bool) -> None:
    """Take Debian's security tracker's JSON, of the packages that are installed."""
    packages = read_installed(installed.read_text(encoding="utf-8"))
    text = report.read_text(encoding="utf-8")
    reported = read_debian(text, release=release, installed=packages)
    with _work(open_installation()) as work:
        done = import_report(work, source="debian", reported=reported)
    _told(done.seen, done.new, done.gone, as_json=as_json)


@checks.command("configuration")
@click.option("--accept", "accepted", is_flag=True, help="This is the baseline from now on.")
@as_json
def configuration(accepted: bool, as_json: bool) -> None:
    """Compare with the accepted baseline; exit 1 when something differs."""
    installation = open_installation()
    items = configuration_of(installation.settings, installation.engines.app)
    with _work(installation) as work:
        standing = compare(work, items)
        if accepted:
            accept(work, items)
    drifts = {one.name: one.how for one in standing.drifts}
    lines = [f"{how}: {name}" for name, how in drifts.items()]
    end = "Accepted." if accepted else f"{len(items)} parts, {len(drifts)} differ."
    answer({"parts": len(items), "drifts": drifts}, *lines, end, as_json=as_json)
    sys.exit(1 if drifts and not accepted else 0)


def _work(installation: Installation) -> AbstractContextManager[UnitOfWork]:
    return unit_of_work(installation.engines.app, tenant_id=INSTALLATION_ID, actor=SYSTEM)


def _told(seen: int, new: int, gone: int, *, as_json: bool) -> None:
    line = f"{seen} advisories, {new} of them new; {gone} are gone."
    answer({"seen": seen, "new": new, "gone": gone}, line, as_json=as_json)
