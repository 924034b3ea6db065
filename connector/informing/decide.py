"""Record that people were informed, or that they need not be, and who says so."""

import uuid
from typing import Final

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from connector.informing.models import Informing
from connector.informing.words import Exempt, How, WhoKind
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.ledger.events import Event
from privacy.ledger.record import record

_THERE: Final = {
    WhoKind.CONTACT: text(
        "SELECT FROM contacts WHERE tenant_id = :tenant AND id = :ref AND state = 'living'"
    ),
    WhoKind.CALLS: text(
        "SELECT FROM connector_accounts "
        "WHERE tenant_id = :tenant AND id = :ref AND deleted_at IS NULL"
    ),
}
_ALL: Final = text(
    "INSERT INTO informings (tenant_id, kind, ref, state, how, decided_at, decided_by) "
    "SELECT tenant_id, 'contact', id, :state, :how, :now, :by FROM contacts "
    "WHERE tenant_id = :tenant AND state = 'living' ON CONFLICT DO NOTHING"
)
_GONE: Final = text(
    "DELETE FROM informings i WHERE i.tenant_id = :tenant AND i.kind = 'contact' AND NOT EXISTS "
    "(SELECT FROM contacts c WHERE c.tenant_id = i.tenant_id AND c.id = i.ref)"
)


def decide_informing(work: UnitOfWork, *, kind: WhoKind, ref: uuid.UUID, how: How | Exempt) -> None:
    """One contact, or the people behind one system's calls. The latest word counts.

    Raises:
        NotFound: the bound tenant has no such contact or system.
    """
    _require(work, kind, ref)
    values = _decision(work, how)
    row = {"tenant_id": work.tenant_id, "kind": kind.value, "ref": ref}
    written = insert(Informing).values(row | values)
    written = written.on_conflict_do_update(
        index_elements=["tenant_id", "kind", "ref"], set_=values
    )
    work.connection.execute(written)
    _say(work, kind, how, 1, ref)


def require_contact(work: UnitOfWork, *, contact_id: uuid.UUID) -> None:
    """Raises NotFound where the bound tenant has no such living contact."""
    _require(work, WhoKind.CONTACT, contact_id)


def require_system(work: UnitOfWork, *, account_id: uuid.UUID) -> None:
    """Raises NotFound where the bound tenant has no such connected system."""
    _require(work, WhoKind.CALLS, account_id)


def _require(work: UnitOfWork, kind: WhoKind, ref: uuid.UUID) -> None:
    given = {"tenant": work.tenant_id, "ref": ref}
    if work.connection.execute(_THERE[kind], given).first() is None:
        raise NotFound


def inform_all_contacts(work: UnitOfWork, *, how: How | Exempt) -> int:
    """Every contact that nobody has decided on yet; how many they were."""
    decision = _decision(work, how)
    given = {
        "tenant": work.tenant_id,
        "state": decision["state"],
        "how": decision["how"],
        "now": work.now,
        "by": work.actor.id,
    }
    count = work.connection.execute(_ALL, given).rowcount
    if count:
        _say(work, WhoKind.CONTACT, how, count, None)
    return count


def sweep_informings(work: UnitOfWork) -> int:
    """Forget decisions on contacts that are not there any more; how many."""
    return work.connection.execute(_GONE, {"tenant": work.tenant_id}).rowcount


def _decision(work: UnitOfWork, how: How | Exempt) -> dict[str, object]:
    return {
        "state": "informed" if isinstance(how, How) else "exempt",
        "how": how.value,
        "decided_at": work.now,
        "decided_by": work.actor.id,
    }


def _say(
    work: UnitOfWork, kind: WhoKind, how: How | Exempt, count: int, ref: uuid.UUID | None
) -> None:
    facts = {"kind": kind.value, "how": how.value, "count": count}
    record(work, Event.PEOPLE_INFORMED, subject=ref, facts=facts)
