"""Promises as the page tells of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from privacy.promises.catalogue import promises
from privacy.promises.examine import Looked, Report
from privacy.promises.outcomes import Outcome

WORDS: Final = {
    Outcome.KEPT: ("Kept", "good"),
    Outcome.BROKEN: ("Broken", "bad"),
    Outcome.UNTESTABLE: ("Not testable here", "quiet"),
}
GROUPS: Final = {
    "A": "What is kept, about whom",
    "B": "How long",
    "C": "Rights of the person",
    "D": "Consent, registration, policy",
    "E": "Sharing",
    "F": "Security and availability",
}


@dataclass(frozen=True, slots=True)
class LookFacts:
    """One probe's look."""

    name: str
    label: str
    tone: str
    evidence: str


@dataclass(frozen=True, slots=True)
class PromiseFacts:
    """One promise with everything that was looked at."""

    id: str
    short: str
    mechanism: str
    gap: str | None
    label: str
    tone: str
    looks: Sequence[LookFacts]


def groups_of(report: Report) -> Mapping[str, list[PromiseFacts]]:
    """Every promise under its group's title."""
    found: dict[str, list[PromiseFacts]] = {title: [] for title in GROUPS.values()}
    for key, promise in promises().items():
        label, tone = WORDS[report.of(key)]
        looks = [_look(one) for one in report.looked if one.promise == key]
        facts = PromiseFacts(key, promise.short, promise.mechanism, promise.gap, label, tone, looks)
        found[GROUPS[key[0]]].append(facts)
    return found


def _look(one: Looked) -> LookFacts:
    label, tone = WORDS[one.finding.outcome]
    told = ", ".join(
        f"{name.replace('_', ' ')} {value}" for name, value in one.finding.evidence.items()
    )
    where = "" if one.scope == "tenant" else "the installation as a whole"
    return LookFacts(
        one.probe.replace("_", " ").capitalize(),
        label,
        tone,
        ", ".join(filter(None, (told, where))),
    )
