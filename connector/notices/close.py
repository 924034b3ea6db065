"""Ask for the end of an organisation's account: whoever declines a policy is offered it (D2)."""

from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.kinds import MailKind
from tenants.desks import Desk
from tenants.memberships.notify_admins import notify_operators


def ask_closure(desk: Desk, work: UnitOfWork, *, organisation: str) -> int:
    """Tell the operators that the bound tenant wants to leave. Returns how many were told.

    Nothing is destroyed by this: data is taken along first, and the end has its own steps.
    """
    record(work, Event.CLOSURE_ASKED, subject=work.tenant_id)
    values = {"tenant": organisation, "link": f"{desk.public_url}/tenants"}
    return notify_operators(desk, actor=work.actor, notice=MailKind.CLOSURE_ASKED, values=values)
