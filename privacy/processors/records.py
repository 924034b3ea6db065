"""Records of processing (GDPR Art. 30): made from the profiles and the register, not written."""

import csv
import io
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from privacy.processors.shapes import ProcessorView
from privacy.profiles import Profile, load_profiles
from privacy.profiles.data import DataKind, Role

SECURITY: Final = (
    "Sealed at rest (AES-256-GCM) under keys outside the database; TLS on every connection; "
    "row-level security by tenant; a signed ledger of acts; day keys destroyed on time."
)
"""Art. 30(1)(g) and 30(2)(d), in general terms."""


@dataclass(frozen=True, slots=True)
class ProcessingRecord:
    """One activity: a kind of data of a service. `role`: under which paragraph it stands."""

    role: str
    service: str
    controller: str
    contact: str
    activity: str
    purposes: str
    basis: str
    people: str
    data: str
    sources: str
    recipients: str
    transfers: str
    retention: str
    security: str = SECURITY


def records_of(
    services: Collection[str], processors: Sequence[ProcessorView]
) -> list[ProcessingRecord]:
    """Of these services: as controller (Art. 30(1)) first, then as processor (Art. 30(2))."""
    profiles = load_profiles()
    made = [
        _record(profiles[key], kind, [p for p in processors if p.service == key])
        for key in sorted(set(services) & set(profiles))
        for kind in profiles[key].data
    ]
    return sorted(made, key=lambda one: one.role != "controller")


def as_csv(records: Sequence[ProcessingRecord], cell: Callable[[str], str]) -> str:
    """A table, with a header. `cell` makes a text safe for a spreadsheet: some are entered."""
    out = io.StringIO()
    names = list(ProcessingRecord.__dataclass_fields__)
    writer = csv.DictWriter(out, names, lineterminator="\r\n")
    writer.writeheader()
    for one in records:
        writer.writerow({name: cell(text) for name, text in asdict(one).items()})
    return out.getvalue()


def as_documents(records: Sequence[ProcessingRecord]) -> list[dict[str, str]]:
    """Plain objects, for JSON."""
    return [asdict(one) for one in records]


def _record(
    profile: Profile, kind: DataKind, processors: Sequence[ProcessorView]
) -> ProcessingRecord:
    fields = kind.declared_fields
    given = [p for p in processors if p.state != "ended" and set(p.fields) & fields]
    who = profile.controller
    reached = (who.contact, who.email, who.phone, who.address)
    return ProcessingRecord(
        role=kind.role.value,
        service=profile.service,
        controller=who.name if kind.role is Role.CONTROLLER else "the organisation itself",
        contact=", ".join(part for part in reached if part),
        activity=kind.name,
        purposes=_words(purpose.value for purpose in kind.purposes),
        basis=_words([kind.basis.value]),
        people=_words([kind.subjects.value]),
        data=", ".join(field.meaning for field in kind.fields),
        sources=_words(source.value for source in kind.sources),
        recipients=", ".join(f"{p.name} ({p.role}, {p.country})" for p in given) or "none",
        transfers=", ".join(_footing(p) for p in given if p.transfer.value != "eu_eea")
        or "none outside the EEA",
        retention=f"{kind.days} days" if kind.days else _words([kind.retention.value]),
    )


def _footing(view: ProcessorView) -> str:
    until = f" until {view.transfer_valid_until}" if view.transfer_valid_until else ""
    return f"{view.name}: {view.country}, {view.transfer.value.replace('_', ' ')}{until}"


def _words(values: Iterable[str]) -> str:
    return ", ".join(value.replace("_", " ") for value in values)
