"""`silta ledger verify`."""

import sys
import uuid

import click

from jobs.commands.output import answer, as_json
from jobs.installation import Installation, open_installation
from privacy.ledger.findings import Report
from privacy.ledger.verify import verify_all


@click.group()
def ledger() -> None:
    """The chained record of every security- or privacy-relevant act."""


@ledger.command("verify")
@click.option("--tenant", "tenant_id", type=click.UUID, help="Only this one.")
@as_json
def verify_ledger(tenant_id: uuid.UUID | None, as_json: bool) -> None:
    """Recompute every chain, check signatures and anchors; exit 1 when anything is wrong."""
    reports = [
        report for report in _reports(open_installation()) if tenant_id in (None, report.tenant_id)
    ]
    intact = all(report.intact for report in reports)
    document = {"intact": intact, "tenants": [report.as_dict() for report in reports]}
    answer(document, *_lines(reports), as_json=as_json)
    sys.exit(0 if intact else 1)


def _reports(installation: Installation) -> list[Report]:
    engines, identity = installation.engines, installation.identity
    return list(verify_all(engines.sequencer, identity, installation.anchors, app=engines.app))


def _lines(reports: list[Report]) -> list[str]:
    lines = [_broken(report) for report in reports if not report.intact]
    links, waiting = sum(r.links for r in reports), sum(r.pending for r in reports)
    verdict = "intact" if not lines else f"{len(lines)} broken"
    return [*lines, f"{len(reports)} ledgers, {links} links, {waiting} events waiting: {verdict}."]


def _broken(report: Report) -> str:
    found = report.first
    assert found is not None  # noqa: S101 - the report is not intact
    place = f" at position {found.position}" if found.position else ""
    event = f", event {found.event_id}" if found.event_id else ""
    return f"Ledger of {report.tenant_id}: {found.problem}{place}{event}: {found.message}."
