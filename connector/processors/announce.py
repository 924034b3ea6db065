"""A new sub-processor of a service is announced to every organisation that has the service."""

import uuid
from collections.abc import Sequence

from privacy.core.db.work import Actor
from privacy.mails.kinds import MailKind
from privacy.processors.announce import announce_processor
from privacy.processors.find import view_processor
from privacy.processors.shapes import Announcing, ProcessorView
from privacy.profiles import profile
from tenants.desks import Desk
from tenants.memberships.notify_admins import notify_admins
from tenants.tenants.subscribed import subscribed_services
from tenants.tenants.views import view_tenant


def announce_to_tenants(
    desk: Desk, *, actor: Actor, processor_id: uuid.UUID, tenants: Sequence[uuid.UUID]
) -> int:
    """An entry in each one's register, and a mail with it. Returns how many have the service.

    Killed anywhere, it is simply run again: an entry is made once; a mail may come twice.
    """
    with desk.installation(actor) as work:
        made = view_processor(work, processor_id=processor_id)
    return sum(_announce(desk, actor, one, made, processor_id) for one in tenants)


def _announce(
    desk: Desk, actor: Actor, tenant_id: uuid.UUID, made: ProcessorView, change_id: uuid.UUID
) -> bool:
    with desk.tenant(tenant_id, actor) as work:
        if made.service not in subscribed_services(work):
            return False
        name = view_tenant(desk.ring, work).name
        announce_processor(work, _copy(made), change_id=change_id)
    text = "\n".join(
        (
            f"{made.name}, {made.country}: {made.role}",
            f"Service: {profile(made.service).service}",
            f"It gets: {', '.join(made.fields)}",
            f"From: {made.effective_on}",
            f"Statement: {made.statement_url}",
            f"Agreement: {made.agreement_url}",
        )
    )
    values = {"tenant": name, "text": text, "link": f"{desk.public_url}/processors"}
    notify_admins(
        desk, tenant_id=tenant_id, actor=actor, notice=MailKind.PROCESSOR_ANNOUNCED, values=values
    )
    return True


def _copy(made: ProcessorView) -> Announcing:
    assert made.effective_on is not None  # noqa: S101 - of the register, which always has it
    return Announcing(
        service=made.service,
        name=made.name,
        role=made.role,
        country=made.country,
        transfer=made.transfer,
        fields=made.fields,
        statement_url=made.statement_url,
        agreement_url=made.agreement_url,
        effective_on=made.effective_on,
        runs="browser" if made.runs == "browser" else "server",
        transfer_valid_until=made.transfer_valid_until,
        assessed_on=made.assessed_on,
        assessment_url=made.assessment_url,
    )
