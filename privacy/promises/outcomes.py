"""What came of a probe: kept, broken, or not testable here; with evidence that names nobody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

Fact = str | int | bool
_EARLIEST: Final = "oldest"
_LATEST: Final = "newest"


class Outcome(StrEnum):
    """How a promise stands on this installation."""

    KEPT = "kept"
    BROKEN = "broken"
    UNTESTABLE = "not_testable_here"


@dataclass(frozen=True, slots=True)
class Finding:
    """One look. Evidence is counts, dates and words of ours: never personal data."""

    outcome: Outcome
    evidence: Mapping[str, Fact] = field(default_factory=dict)


def untestable(why: str) -> Finding:
    """Nothing here to look at; `why` is a word or two."""
    return Finding(Outcome.UNTESTABLE, {"because": why})


def judge(*, seen: int, wrong: int, **evidence: Fact | date | None) -> Finding:
    """Broken when anything is wrong; not testable where there is nothing to look at."""
    told = {name: _plain(value) for name, value in evidence.items() if value is not None}
    told |= {"seen": seen, "wrong": wrong}
    if wrong:
        return Finding(Outcome.BROKEN, told)
    if not seen:
        return Finding(Outcome.UNTESTABLE, told | {"because": "nothing to look at"})
    return Finding(Outcome.KEPT, told)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """One broken look breaks the promise; one kept look is needed to call it kept."""
    found = set(outcomes)
    for outcome in (Outcome.BROKEN, Outcome.KEPT):
        if outcome in found:
            return outcome
    return Outcome.UNTESTABLE


def gathered(findings: Iterable[Finding]) -> Finding:
    """Many tenants' findings as one: counts are added, of dates the telling one is kept."""
    listed = list(findings)
    told: dict[str, Fact] = {}
    for one in listed:
        for name, value in one.evidence.items():
            _add(told, name, value)
    told["tenants"] = len(listed)
    told["tenants_broken"] = sum(one.outcome is Outcome.BROKEN for one in listed)
    outcome = worst(one.outcome for one in listed)
    if outcome is not Outcome.UNTESTABLE:
        told.pop("because", None)
    return Finding(outcome, told)


def _add(told: dict[str, Fact], name: str, value: Fact) -> None:
    before = told.get(name)
    if before is None or isinstance(value, bool):
        told[name] = value
    elif isinstance(value, int) and isinstance(before, int):
        told[name] = before + value
    elif name.startswith(_EARLIEST):
        told[name] = min(str(before), str(value))
    elif name.startswith(_LATEST):
        told[name] = max(str(before), str(value))


def _plain(value: Fact | date) -> Fact:
    return value.isoformat() if isinstance(value, date) else value
