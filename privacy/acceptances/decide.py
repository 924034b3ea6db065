"""Accept or decline a version, in the organisation's name (promise D2)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from privacy.acceptances.models import PolicyDecision
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict
from privacy.core.ids import new_id
from privacy.ledger.encoding import Fact
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.notices.models import Notice
from privacy.notices.publish import newest

Decision = Literal["accepted", "declined"]


class AnotherVersion(Conflict):
    """A newer version was published while somebody read the older one."""

    code = "another_version"
    message = "A newer version was published meanwhile. Read it, then decide."


@dataclass(frozen=True, slots=True)
class Decided:
    """What stands: the latest decision on a version."""

    service: str
    number: int
    decision: str
    decided_at: datetime


def decide_policy(work: UnitOfWork, *, service: str, number: int, decision: Decision) -> None:
    """Record what the actor decides for the bound tenant. A decision is added, none is changed.

    Raises:
        AnotherVersion: it is not the version that counts now, or none was published.
    """
    current = newest(work, service)
    if current is None or current.number != number:
        raise AnotherVersion
    work.session.add(
        PolicyDecision(
            tenant_id=work.tenant_id,
            id=new_id(),
            service=service,
            number=number,
            digest=current.digest,
            decision=decision,
            decided_by=work.actor.id,
            decided_at=work.now,
        )
    )
    work.session.flush()
    event = Event.POLICY_ACCEPTED if decision == "accepted" else Event.POLICY_DECLINED
    facts: dict[str, Fact] = {"service": service, "number": number}
    record(work, event, subject=f"{service}-{number}", facts=facts, commitment=current.digest)


def standing_decision(work: UnitOfWork, current: Notice) -> Decided | None:
    """The latest decision on a version of the bound tenant; None where nobody has decided."""
    row = work.session.scalar(
        select(PolicyDecision)
        .where(
            PolicyDecision.tenant_id == work.tenant_id,
            PolicyDecision.service == current.service,
            PolicyDecision.number == current.number,
        )
        .order_by(PolicyDecision.decided_at.desc(), PolicyDecision.id.desc())
        .limit(1)
    )
    if row is None:
        return None
    return Decided(row.service, row.number, row.decision, row.decided_at)
