"""`silta promises`: every promise, how it stands here, and by which evidence."""

import sys
import uuid
from typing import Final

import click

from connector.promises.registry import PROBES
from jobs.commands.output import answer, as_json
from jobs.installation import open_installation
from jobs.premises import LivePremises
from privacy.core.errors import Invalid
from privacy.core.logs import configure_logs
from privacy.promises.catalogue import promises as catalogue
from privacy.promises.examine import Looked, Report, examine
from privacy.promises.outcomes import Outcome

_MARKS: Final = {Outcome.KEPT: "✓", Outcome.BROKEN: "✗", Outcome.UNTESTABLE: "·"}


@click.command()
@click.option("--tenant", type=click.UUID, help="As this organisation's administrators see it.")
@click.option("--broken", is_flag=True, help="Show broken promises only.")
@as_json
def promises(tenant: uuid.UUID | None, broken: bool, as_json: bool) -> None:
    """Hold every promise against this installation now; exit 1 when one is broken."""
    installation = open_installation()
    # Pages are looked at from within: whoever asks for promises wants no line for each.
    configure_logs("WARNING")
    premises = LivePremises(installation)
    if tenant is not None and tenant not in premises.tenants:
        raise Invalid("There is no such organisation.")
    found = examine(premises, PROBES, only=None if tenant is None else [tenant])
    report = found.installation if tenant is None else found.tenants[tenant]
    shown = [key for key in catalogue() if not broken or report.of(key) is Outcome.BROKEN]
    lines = [line for key in shown for line in _lines(report, key)]
    answer(document_of(report), *lines, _summary(report), as_json=as_json)
    sys.exit(1 if report.broken else 0)


def document_of(report: Report) -> dict[str, object]:
    """The report as JSON: every promise with its looks, whatever is shown to people."""
    counts = {outcome.value: report.count(outcome) for outcome in Outcome}
    listed = [
        {
            "id": key,
            "outcome": report.of(key).value,
            "promise": promise.short,
            "mechanism": promise.mechanism,
            "gap": promise.gap,
            "looks": [_plain(one) for one in report.looked if one.promise == key],
        }
        for key, promise in catalogue().items()
    ]
    return {"well": not report.broken, "counts": counts, "promises": listed}


def _plain(one: Looked) -> dict[str, object]:
    outcome, evidence = one.finding.outcome.value, dict(one.finding.evidence)
    return {"probe": one.probe, "scope": one.scope, "outcome": outcome, "evidence": evidence}


def _lines(report: Report, key: str) -> list[str]:
    lines = [f"{_MARKS[report.of(key)]} {key:<3} {catalogue()[key].short}"]
    for one in (looked for looked in report.looked if looked.promise == key):
        told = ", ".join(f"{name} {value}" for name, value in one.finding.evidence.items())
        words = one.finding.outcome.value.replace("_", " ")
        lines.append(f"      {one.probe.replace('_', ' ')}: {words}{f' ({told})' if told else ''}")
    return lines


def _summary(report: Report) -> str:
    kept, broken, rest = (report.count(one) for one in Outcome)
    return f"{kept} kept, {broken} broken, {rest} not testable here."
