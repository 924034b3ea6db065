"""Records of processing in the Fides language (fideslang 3): one system for each service.

https://ethyca.github.io/fideslang/. Categories are its taxonomy already; purposes, bases and
groups of people are said in its words here. Written by hand: texts as JSON has them are YAML too.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from privacy.core.db.declarations import LegalBasis, Purpose, Subjects
from privacy.processors.records import SECURITY
from privacy.processors.shapes import ProcessorView
from privacy.profiles import Profile, load_profiles
from privacy.profiles.data import DataKind, Role

Scalar = str | bool
Node = Scalar | Sequence["Node"] | Mapping[str, "Node"]

USES: Final = {
    Purpose.DELIVERY: "essential.service",
    Purpose.ADMINISTRATION: "analytics.reporting",
    Purpose.DOCUMENTATION: "essential.service.operations",
    Purpose.QUALITY: "functional.service.improve",
    Purpose.IDENTIFICATION: "essential.service.authentication",
    Purpose.ACCOUNTS: "essential.service.operations",
    Purpose.SECURITY: "essential.service.security",
    Purpose.RESPONSE: "essential.service.operations.support",
    Purpose.FUTURE: "marketing.communications",
    Purpose.NOTICES: "essential.service.notifications",
    Purpose.COMPLAINTS: "essential.service.operations.support",
}
BASES: Final = {
    LegalBasis.CONSENT: "Consent",
    LegalBasis.CONTRACT: "Contract",
    LegalBasis.OBLIGATION: "Legal obligations",
    LegalBasis.LEGITIMATE_INTEREST: "Legitimate interests",
}
SUBJECTS: Final = {
    Subjects.CUSTOMERS: ["customer"],
    Subjects.CUSTOMERS_OF_CUSTOMERS: ["customer", "prospect"],
}


def as_fideslang(services: Collection[str], processors: Sequence[ProcessorView]) -> str:
    """A manifest in YAML."""
    profiles = load_profiles()
    systems = [
        _system(profiles[key], [p for p in processors if p.service == key and p.state != "ended"])
        for key in sorted(set(services) & set(profiles))
    ]
    return "\n".join(_lines({"system": systems})) + "\n"


def _system(profile: Profile, processors: Sequence[ProcessorView]) -> dict[str, Node]:
    roles = {kind.role for kind in profile.data}
    titles = [("Controller", Role.CONTROLLER), ("Processor", Role.PROCESSOR)]
    transfers = sorted({p.transfer.value for p in processors if p.transfer.value != "eu_eea"})
    return {
        "fides_key": f"silta_{profile.slug}",
        "name": profile.service,
        "system_type": "Service",
        "description": profile.description,
        "responsibility": [title for title, role in titles if role in roles],
        "legal_name": profile.controller.name,
        "processes_personal_data": True,
        "does_international_transfers": bool(transfers),
        "legal_basis_for_transfers": transfers,
        "data_security_practices": SECURITY,
        "privacy_declarations": [
            _declared(kind, purpose, processors)
            for kind in profile.data
            for purpose in kind.purposes
        ],
    }


def _declared(
    kind: DataKind, purpose: Purpose, processors: Sequence[ProcessorView]
) -> dict[str, Node]:
    fields = kind.declared_fields
    given = [p.name for p in processors if set(p.fields) & fields]
    ends = f"{kind.days} days" if kind.days else kind.retention.value.replace("_", " ")
    return {
        "name": f"{kind.name}: {purpose.value.replace('_', ' ')}",
        "data_categories": sorted({field.category for field in kind.fields}),
        "data_use": USES[purpose],
        "data_subjects": SUBJECTS[kind.subjects],
        "legal_basis_for_processing": BASES[kind.basis],
        "retention_period": ends,
        "data_shared_with_third_parties": bool(given),
        "third_parties": ", ".join(given),
    }


def _lines(node: Node, indent: int = 0) -> Iterator[str]:
    space = "  " * indent
    if isinstance(node, Mapping):
        for name, value in node.items():
            if isinstance(value, str | bool) or not value:
                yield f"{space}{name}: {json.dumps(value, ensure_ascii=False)}"
            else:
                yield f"{space}{name}:"
                yield from _lines(value, indent + 1)
    elif isinstance(node, str | bool):
        yield f"{space}{json.dumps(node, ensure_ascii=False)}"
    else:
        for one in node:
            first, *rest = _lines(one, indent + 1)
            yield f"{space}- {first.lstrip()}"
            yield from rest
