"""Tell administrators that an endpoint was given up."""

import uuid
from typing import Final

from connector.events_out.models import WebhookEndpoint
from privacy.core.db.work import Actor
from privacy.mails.kinds import MailKind
from tenants.desks import Desk
from tenants.invitations.invite import tenant_name
from tenants.memberships.notify_admins import notify_admins

REASONS: Final = {
    "gone": "it answered that it wants no more events (410 Gone).",
    "failing": "it has taken none for three days.",
}


def notify_given_up(
    desk: Desk, *, tenant_id: uuid.UUID, actor: Actor, endpoint_id: uuid.UUID, reason: str
) -> int:
    """A mail to each administrator; none when the endpoint was deleted or enabled meanwhile."""
    with desk.tenant(tenant_id, actor) as work:
        endpoint = work.session.get(WebhookEndpoint, (tenant_id, endpoint_id))
        if endpoint is None or endpoint.state == "active":
            return 0
        values = {
            "tenant": tenant_name(desk, work),
            "endpoint": endpoint.name,
            "reason": REASONS[reason],
            "link": f"{desk.public_url}/events/{endpoint_id}",
        }
    return notify_admins(
        desk,
        tenant_id=tenant_id,
        actor=actor,
        notice=MailKind.ENDPOINT_DISABLED,
        values=values,
    )
