"""How many mails may be sent to an address on somebody's word: none of us is to become spam."""

import math

from privacy.core.errors import TooManyRequests
from privacy.vault.labels import Index
from tenants.desks import Desk
from tenants.limits.keys import mail_keys
from tenants.limits.take import take_attempt
from tenants.principals import Principal
from tenants.users.digests import email_digest


def count_mail(desk: Desk, principal: Principal, address: str) -> None:
    """Count a mail (an invitation, a link to a new address) before it is written.

    It counts for the tenant of who asks, and for the recipient over all tenants.

    Raises:
        TooManyRequests: too many today. Whether anybody else wrote to the recipient is not
            said.
    """
    with desk.installation(principal.actor) as work:
        keys = mail_keys(
            principal.tenant_id,
            email_digest(desk.ring, work, address),
            desk.ring.tenant_index(work, Index.ADDRESS).digest,
        )
        wait = take_attempt(work, keys=keys, trial="mail")
    if wait:
        hours = math.ceil(wait.total_seconds() / 3600)
        raise TooManyRequests(
            f"Too many mails to this address, or from here. Try again in {hours} {_unit(hours)}.",
            code="too_many_mails",
            retry_after=math.ceil(wait.total_seconds()),
        )


def _unit(hours: int) -> str:
    return "hour" if hours == 1 else "hours"
