"""Announce a change to a tenant's administrators, with what is different (promise D3)."""

import uuid
from collections.abc import Mapping
from typing import Final

from sqlalchemy import select

from connector.notices.publish import rules_of
from privacy.core.db.work import Actor
from privacy.mails.kinds import MailKind
from privacy.notices.languages import LANGUAGES, speech
from privacy.notices.read import notice_of
from tenants.desks import Desk
from tenants.invitations.invite import tenant_name
from tenants.memberships.models import Membership
from tenants.permissions import Role
from tenants.users.models import User
from tenants.users.notify import notify

_ADMINS: Final = (Role.OWNER.value, Role.ADMIN.value)


def announce_notice(
    desk: Desk, *, tenant_id: uuid.UUID, actor: Actor, service: str, number: int
) -> int:
    """One mail to each administrator, in their language. Returns how many.

    Raises:
        NotFound: there is no such version.
    """
    with desk.tenant(tenant_id, actor) as work:
        rules = next((one for one in rules_of(work) if one.key == service), None)
        if rules is None:
            return 0
        organisation = tenant_name(desk, work)
        view = notice_of(work, desk.ring, rules=rules, organisation=organisation, number=number)
    values = {
        language: {
            "tenant": organisation,
            "service": rules.service,
            "day": speech(language).day(view.head.dated),
            "text": "\n".join(f"- {line}" for line in view.differences.get(language, ())),
            "link": f"{desk.public_url}/notices",
        }
        for language in LANGUAGES
    }
    return _tell(desk, tenant_id, actor, values)


def _tell(
    desk: Desk, tenant_id: uuid.UUID, actor: Actor, values: Mapping[str, Mapping[str, str]]
) -> int:
    with desk.tenant(tenant_id, actor) as work:
        query = select(Membership.user_id).where(Membership.role.in_(_ADMINS))
        ids = list(work.session.scalars(query))
    with desk.installation(actor) as work:
        users = work.session.scalars(
            select(User).where(User.id.in_(ids), User.state == "active")
        ).all()
        for user in users:
            said = values.get(user.language, values["en"])
            notify(desk, work, user=user, notice=MailKind.NOTICE_CHANGED, values=said)
    return len(users)
