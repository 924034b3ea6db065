"""Record a loss: its clocks run from its discovery."""

import uuid

import msgspec
from sqlalchemy import select

from privacy.breaches.clocks import authority_due, users_due
from privacy.breaches.models import WHAT, Breach
from privacy.breaches.shapes import Discovered, Risk
from privacy.consents.moments import is_plausible
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.core.ids import new_id
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from privacy.core.writings import is_line, is_text
from privacy.ledger.encoding import Fact
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.profiles import load_profiles
from privacy.profiles.derived import derived_profile
from privacy.vault.keyring import Keyring

LONGEST = 5000
LONGEST_NAME = 60
MOST_TABLES = 200


def record_breach(
    work: UnitOfWork, vault: Keyring, said: Discovered, *, origin_id: uuid.UUID | None = None
) -> uuid.UUID:
    """Enter a loss. The installation's tells the tenants concerned at once, by a job.

    Args:
        origin_id: the installation's breach that the tenant is told of; entered once.

    Raises:
        Invalid: it says nothing, or lies ahead.
    """
    _check(work, said)
    if origin_id is not None and (known := _known(work, origin_id)):
        return known
    row = _row(work, said, origin_id)
    row.what_sealed = WHAT.seal(work, vault, row.id, msgspec.msgpack.encode(said.what))
    work.session.add(row)
    work.session.flush()
    if row.tenants:
        enqueue(work, name=JobName.BREACH_CONTROLLERS, payload={"breach_id": str(row.id)})
    facts: dict[str, Fact] = {
        "role": row.role,
        "tenants": len(row.tenants),
        "drill": said.drill,
    }
    record(work, Event.BREACH_RECORDED, subject=row.id, facts=facts)
    return row.id


def _row(work: UnitOfWork, said: Discovered, origin_id: uuid.UUID | None) -> Breach:
    declared = derived_profile(work, said.service)
    installation = work.tenant_id == INSTALLATION_ID
    processor = installation and bool(said.tenants)
    # Of what a processor lost, the controllers tell their people.
    users = None if processor else users_due(declared, said.discovered_at, Risk.UNASSESSED)
    return Breach(
        tenant_id=work.tenant_id,
        id=new_id(),
        origin_id=origin_id,
        service=said.service,
        role="processor" if processor else "controller",
        risk=Risk.UNASSESSED.value,
        audience=said.audience.value,
        drill=said.drill,
        tables=sorted({*said.tables, *(said.what.scope.tables if said.what.scope else ())}),
        tenants=list(dict.fromkeys(said.tenants)) if installation else [],
        people=_people(said),
        discovered_at=said.discovered_at,
        recorded_at=work.now,
        recorded_by=work.actor.id,
        authority_due_at=authority_due(declared, said.discovered_at),
        users_due_at=users,
    )


def _people(said: Discovered) -> int | None:
    """As somebody knows; else the most that it can be, as it was computed."""
    if said.people is not None or said.what.scope is None:
        return said.people
    return said.what.scope.people_most


def _check(work: UnitOfWork, said: Discovered) -> None:
    wrong = {}
    if said.service not in load_profiles():
        wrong["service"] = "There is no such service."
    if not said.what.nature.strip():
        wrong["nature"] = "Say what happened."
    what = said.what
    texts = (what.nature, what.consequences, what.measures, what.responsible)
    if not all(is_text(one, longest=LONGEST) for one in texts):
        wrong["nature"] = f"Use up to {LONGEST} visible characters for each part."
    if len(said.tables) > MOST_TABLES or not all(map(_is_name, said.tables)):
        wrong["tables"] = f"Use up to {LONGEST_NAME} characters on one line for each."
    if not is_plausible(said.discovered_at) or said.discovered_at > work.now:
        wrong["discovered_at"] = "A moment that has passed is wanted."
    if said.people is not None and said.people < 0:
        wrong["people"] = "Give a number, or leave it out."
    if wrong:
        raise Invalid(fields=wrong)


def _is_name(text: str) -> bool:
    return is_line(text, longest=LONGEST_NAME)


def _known(work: UnitOfWork, origin_id: uuid.UUID) -> uuid.UUID | None:
    return work.session.scalar(select(Breach.id).where(Breach.origin_id == origin_id))
