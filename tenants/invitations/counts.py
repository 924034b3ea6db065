"""How many invitations may leave: a tenant's name in our mail must not become somebody's spam."""

import math

from privacy.core.errors import TooManyRequests
from privacy.vault.labels import Index
from tenants.desks import Desk
from tenants.limits.keys import invitation_keys
from tenants.limits.take import take_attempt
from tenants.principals import Principal
from tenants.users.digests import email_digest


def count_invitation(desk: Desk, principal: Principal, address: str) -> None:
    """Count one mail by its tenant and by its recipient over all tenants, before it is written.

    Raises:
        TooManyRequests: too many for today. Whether anybody else wrote to the recipient is not
            said.
    """
    with desk.installation(principal.actor) as work:
        keys = invitation_keys(
            principal.tenant_id,
            email_digest(desk.ring, work, address),
            desk.ring.tenant_index(work, Index.ADDRESS).digest,
        )
        wait = take_attempt(work, keys=keys, trial="invitation")
    if wait:
        hours = math.ceil(wait.total_seconds() / 3600)
        raise TooManyRequests(
            f"Too many invitations. Try again in {hours} {'hour' if hours == 1 else 'hours'}.",
            code="too_many_invitations",
            retry_after=math.ceil(wait.total_seconds()),
        )
