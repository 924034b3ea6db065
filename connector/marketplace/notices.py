"""Tell a tenant's administrators of the end of their subscription: at its beginning, a week before,
and when it has come."""

import uuid
from typing import Literal

from connector.marketplace.subscriptions import find_subscription
from privacy.core.db.work import Actor
from privacy.mails.kinds import MailKind
from privacy.profiles import load_profiles
from tenants.desks import Desk
from tenants.invitations.invite import tenant_name
from tenants.memberships.notify_admins import notify_admins

What = Literal["ending", "ended"]
KINDS = {"ending": MailKind.SUBSCRIPTION_ENDING, "ended": MailKind.SUBSCRIPTION_ENDED}


def notify_end(
    desk: Desk, *, tenant_id: uuid.UUID, actor: Actor, subscription_id: uuid.UUID, what: What
) -> int:
    """A mail to each administrator. Returns how many. Raises NotFound."""
    with desk.tenant(tenant_id, actor) as work:
        row = find_subscription(work, subscription_id)
        values = {
            "tenant": tenant_name(desk, work),
            "service": load_profiles()[row.service].service,
            "day": f"{row.ends_at:%-d %B %Y}" if row.ends_at else "",
            "link": f"{desk.public_url}/exports",
        }
    return notify_admins(desk, tenant_id=tenant_id, actor=actor, notice=KINDS[what], values=values)
