"""Which versions wait for a decision: those of services that ask for one, once they are new."""

from collections.abc import Collection

from sqlalchemy import select

from privacy.acceptances.decide import standing_decision
from privacy.acceptances.models import PolicyDecision
from privacy.core.db.work import UnitOfWork
from privacy.notices.models import Notice
from privacy.notices.publish import newest
from privacy.profiles.model import Profile


def pending_decisions(work: UnitOfWork, rules: Collection[Profile]) -> list[Notice]:
    """Published versions of the bound tenant that nobody has decided on (promise D2).

    A version that changed the wording alone needs no new decision where the one before has it.
    """
    asked = [one.key for one in rules if one.policy.acceptance != "none"]
    found = [row for key in asked if (row := newest(work, key)) is not None]
    return [row for row in found if _is_open(work, row)]


def _is_open(work: UnitOfWork, current: Notice) -> bool:
    if standing_decision(work, current) is not None:
        return False
    if current.number == 1 or current.rules_changed:
        return True
    return not _accepted_since_the_rules_changed(work, current)


def _accepted_since_the_rules_changed(work: UnitOfWork, current: Notice) -> bool:
    changed = work.session.scalar(
        select(Notice.number)
        .where(
            Notice.tenant_id == work.tenant_id,
            Notice.service == current.service,
            Notice.rules_changed,
        )
        .order_by(Notice.number.desc())
        .limit(1)
    )
    accepted = work.session.scalar(
        select(PolicyDecision.number).where(
            PolicyDecision.tenant_id == work.tenant_id,
            PolicyDecision.service == current.service,
            PolicyDecision.number >= (changed or 1),
            PolicyDecision.decision == "accepted",
        )
    )
    return accepted is not None
