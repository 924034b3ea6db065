"""docs/promises.md: made from the catalogue, the profiles, the probes and the marks of tests."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from types import MappingProxyType

from connector.promises.registry import PROBES
from privacy.profiles import Profile, load_profiles
from privacy.promises.catalogue import Promise, promises
from tests.documentation.pages import DOCS

PAGE = DOCS / "promises.md"
SHOWN = 6
"""Test files that a row names; the rest is counted."""
GROUPS = {
    "A": "What is kept, about whom",
    "B": "How long",
    "C": "Rights of the person",
    "D": "Consent, registration, policy",
    "E": "Sharing",
    "F": "Security and availability",
}


def _kept(key: str) -> Callable[[Profile], str]:
    def say(one: Profile) -> str:
        if not one.declares(key):
            return ""
        kind = one.kind(key)
        return f"{kind.days} days" if kind.days else kind.retention.value.replace("_", " ")

    return say


def _fields(key: str) -> Callable[[Profile], str]:
    return lambda one: f"{len(one.declared_fields(key))} fields" if one.declares(key) else ""


def _mfa(one: Profile) -> str:
    return one.mfa


def _hours(one: Profile) -> str:
    users = f"{one.breaches.users_hours} h users, " if one.breaches.users_hours else ""
    return f"{users}{one.breaches.authority_hours} h authority"


def _grounds(one: Profile) -> str:
    return ", ".join(ground.value for ground in one.disclosures.grounds)


def _purposes(one: Profile) -> str:
    return f"{len({purpose for kind in one.data for purpose in kind.purposes})} purposes"


def _terms(one: Profile) -> str:
    return ", ".join(term.value for term in one.registration.terms) if one.registration else ""


def _unofficial(one: Profile) -> str:
    return f"{one.unofficial.days} days" if one.unofficial else ""


FACTS: Mapping[str, Callable[[Profile], str]] = MappingProxyType(
    {
        "A2": _fields("credentials"),
        "A3": _fields("sessions"),
        "A4": _kept("technical_logs"),
        "A8": _fields("calls"),
        "A9": _fields("registrations"),
        "A11": _kept("free_fields"),
        "A13": _purposes,
        "A15": _fields("subscriptions"),
        "B1": _kept("calls"),
        "B2": _kept("inquiries"),
        "B3": _kept("invoices"),
        "C6": lambda one: (
            f"{len(one.marketing.objections)} kinds" if one.marketing.objections else ""
        ),
        "C10": lambda one: one.marketing.stance.replace("_", " "),
        "D1": _terms,
        "D3": lambda one: f"{one.policy.dated}, review {one.policy.next_review}",
        "D4": lambda one: (
            f"{len(one.cookie_policy.categories)} categories"
            if one.cookie_policy.categories
            else ""
        ),
        "D5": lambda one: "none" if one.cookie_policy.stance == "none" else "",
        "D6": _unofficial,
        "E1": lambda one: f"{len(one.processors)} processors" if one.processors else "",
        "E2": lambda one: f"{len(one.recipients)} hosts" if one.recipients else "",
        "E3": _grounds,
        "E4": lambda one: one.region.replace("_", " "),
        "F3": _mfa,
        "F6": _hours,
    }
)
"""What the profiles say that a promise rests on."""


def table(marked: Mapping[str, list[str]]) -> str:
    """All promises under the titles of their groups."""
    probes = defaultdict(list)
    for probe in PROBES:
        probes[probe.promise].append(probe.name.replace("_", " "))
    lines: list[str] = []
    for letter, title in GROUPS.items():
        lines += [f"### {title}", ""]
        lines += ["| promise | mechanism | probes | profiles say | tests |", "| --- " * 5 + "|"]
        for key, promise in promises().items():
            if key.startswith(letter):
                cells = _cells(key, promise, probes[key], marked.get(key, []))
                lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines)


def gaps() -> str:
    """What is not kept yet, by name."""
    missing = [(key, one.gap) for key, one in promises().items() if one.gap]
    if not missing:
        return "None is known.\n"
    return "".join(f"- **{key}**: {gap}\n" for key, gap in missing)


def _cells(key: str, promise: Promise, probes: list[str], files: list[str]) -> list[str]:
    named = ", ".join(f"`{name}`" for name in files[:SHOWN])
    more = f" and {len(files) - SHOWN} more" if len(files) > SHOWN else ""
    return [
        f"**{key}** ({', '.join(promise.by)}) {promise.short}",
        promise.mechanism + (" *Not yet as a whole, see below.*" if promise.gap else ""),
        "; ".join(probes) or "none yet",
        "; ".join(_said(key, promise)) or "–",
        named + more or "none yet",
    ]


def _said(key: str, promise: Promise) -> list[str]:
    fact = FACTS.get(key)
    if fact is None:
        return []
    told = {service: fact(one) for service, one in load_profiles().items() if service in promise.by}
    return [f"{service}: {words}" for service, words in sorted(told.items()) if words]
