"""The accepted security configuration, and what differs from it now (promise F11)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from privacy.checks.models import Baseline
from privacy.checks.runs import Check, record_check
from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.promises.figures import FigureName, put_figures

Items = Mapping[str, object]
"""Parts of the configuration by name; values are plain, and only their digests are kept."""


@dataclass(frozen=True, slots=True)
class Drift:
    """One part that differs: `changed`, `new` or `missing`."""

    name: str
    how: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What differs, and since when the baseline counts; None: none was accepted yet."""

    drifts: Sequence[Drift]
    accepted_at: datetime | None

    @property
    def of_schema(self) -> bool:
        """Whether parts differ that every migration changes."""
        return any(one.name.startswith("database.") for one in self.drifts)


def compare(work: UnitOfWork, items: Items) -> Standing:
    """Compare; changes nothing."""
    accepted = {row.name: row for row in work.session.scalars(select(Baseline))}
    if not accepted:
        return Standing((), None)
    drifts = [Drift(name, "new") for name in sorted(set(items) - set(accepted))]
    drifts += [Drift(name, "missing") for name in sorted(set(accepted) - set(items))]
    drifts += [
        Drift(name, "changed")
        for name in sorted(set(items) & set(accepted))
        if bytes(accepted[name].digest) != digest_of(items[name])
    ]
    return Standing(drifts, max(row.accepted_at for row in accepted.values()))


def accept(work: UnitOfWork, items: Items) -> int:
    """This is the configuration from now on. Returns how many parts were different."""
    before = compare(work, items)
    work.connection.execute(delete(Baseline).where(Baseline.tenant_id == work.tenant_id))
    rows = [
        {
            "tenant_id": work.tenant_id,
            "name": name,
            "digest": digest_of(value),
            "accepted_at": work.now,
            "accepted_by": work.actor.id,
        }
        for name, value in items.items()
    ]
    work.connection.execute(insert(Baseline), rows)
    facts = {"parts": len(rows), "differed": len(before.drifts)}
    record(work, Event.BASELINE_ACCEPTED, facts=facts)
    put_figures(work, FigureName.DRIFTS, {"parts": 0.0})
    return len(before.drifts)


def check_drift(work: UnitOfWork, items: Items) -> Standing:
    """Compare and record it. The first time, the configuration as it was shipped is accepted."""
    found = compare(work, items)
    if found.accepted_at is None:
        accept(work, items)
    facts = {"parts": len(items), "drifts": len(found.drifts)}
    record_check(work, Check.CONFIGURATION, passed=not found.drifts, facts=facts)
    put_figures(work, FigureName.DRIFTS, {"parts": float(len(found.drifts))})
    return found


def digest_of(value: object) -> bytes:
    """SHA-256 of the value in one spelling."""
    return hashlib.sha256(msgspec.json.encode(value, order="deterministic")).digest()
