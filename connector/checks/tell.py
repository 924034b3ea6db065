"""A drift of the security configuration is told to the operators."""

from privacy.checks.baselines import Standing
from privacy.core.db.work import Actor
from privacy.mails.kinds import MailKind
from tenants.desks import Desk
from tenants.memberships.notify_admins import notify_operators


def tell_of_drift(desk: Desk, *, actor: Actor, standing: Standing) -> int:
    """One mail to each operator, each night while anything differs. Returns how many."""
    if not standing.drifts:
        return 0
    lines = "\n".join(f"{one.how}: {one.name}" for one in standing.drifts)
    values = {"text": lines, "link": f"{desk.public_url}/checks"}
    return notify_operators(desk, actor=actor, notice=MailKind.CONFIGURATION_DRIFT, values=values)
