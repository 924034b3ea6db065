"""`silta ledger verify | accept-restore`."""

import sys
import uuid

import click

from jobs.commands.output import answer, as_json
from jobs.installation import Installation, open_installation
from privacy.backups.accept import Reason, accept_restore
from privacy.core.errors import Misconfigured
from privacy.ledger.findings import Report
from privacy.ledger.verify import verify_all
from tenants.memberships.standing import role_of
from tenants.permissions import Role
from tenants.users.find import find_by_email


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


@ledger.command("accept-restore")
@click.option("--by", "email", required=True, metavar="E-MAIL", help="Which operator accepts it.")
@click.option(
    "--because",
    "reason",
    required=True,
    type=click.Choice([reason.value for reason in Reason]),
    help="Why the database is older than its anchors.",
)
@click.option("--reference", default="", metavar="WORD", help="For example a ticket's number.")
@as_json
def accept_older(email: str, reason: str, reference: str, as_json: bool) -> None:
    """Go on with a database that was put back to an older state, for good.

    Every ledger has to be a beginning of what was anchored. Who accepts it, why and from which
    event on is recorded in each, and signed among the anchors; verification tells what was lost.
    """
    installation = open_installation()
    accepted = accept_restore(
        installation.engines,
        installation.anchors,
        installation.signer,
        by=_operator(installation, email),
        reason=Reason(reason),
        reference=reference,
    )
    chains = [
        {"tenant_id": str(one.tenant_id), "after": one.position, "lost": one.lost}
        for one in accepted.chains
    ]
    lost = sum(one.lost for one in accepted.chains)
    line = f"Accepted: {len(chains)} ledgers go on, {lost} events are lost. It is recorded."
    answer({"event_id": str(accepted.event_id), "chains": chains}, line, as_json=as_json)


def _operator(installation: Installation, email: str) -> uuid.UUID:
    with installation.desk.installation() as work:
        found = find_by_email(installation.vault, work, email=email)
        if found is None or role_of(work, user_id=found.id) is not Role.OPERATOR:
            raise Misconfigured("Nobody with this address is an operator here.")
        return found.id


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
