"""The people concerned are told: users of the organisation, or everybody who registered."""

import uuid
from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from connector.registrations.models import Registrant
from connector.registrations.seals import open_details
from privacy.breaches.find import view_breach
from privacy.breaches.models import Breach, BreachTelling
from privacy.breaches.shapes import Audience, BreachView
from privacy.core.db.work import Actor, UnitOfWork
from privacy.mails.kinds import MailKind
from tenants.desks import Desk
from tenants.memberships.models import Membership
from tenants.tenants.views import view_tenant
from tenants.users.models import User
from tenants.users.notify import notify

BATCH: Final = 100
"""Mails that are written in one transaction."""


def tell_users(desk: Desk, *, actor: Actor, tenant_id: uuid.UUID, breach_id: uuid.UUID) -> int:
    """Write to everybody who was not written to yet. Returns how many mails.

    A drill writes to nobody, and says that it went through all of them.
    """
    with desk.tenant(tenant_id, actor) as work:
        view = view_breach(work, desk.ring, breach_id=breach_id)
        values = _values(view, view_tenant(desk.ring, work).name)
        waiting = _waiting(work, view)
    written = 0
    for first in range(0, len(waiting), BATCH):
        some = waiting[first : first + BATCH]
        written += len(some)
        if not view.drill:
            _write(desk, actor, tenant_id, view, some, values)
        with desk.tenant(tenant_id, actor) as work:
            _note(work, breach_id, some)
    with desk.tenant(tenant_id, actor) as work:
        row = work.session.scalar(select(Breach).where(Breach.id == breach_id))
        if row is not None and row.users_told_at is None:
            row.users_told_at = work.now
    return written


def _waiting(work: UnitOfWork, view: BreachView) -> list[uuid.UUID]:
    told = select(BreachTelling.person_id).where(BreachTelling.breach_id == view.id)
    if view.audience is Audience.PEOPLE:
        everybody = select(Membership.user_id).where(Membership.user_id.not_in(told))
        return sorted(work.session.scalars(everybody))
    registered = select(Registrant.id).where(
        Registrant.service == view.service,
        Registrant.state != "unconfirmed",
        Registrant.id.not_in(told),
    )
    return sorted(work.session.scalars(registered))


def _write(
    desk: Desk,
    actor: Actor,
    tenant_id: uuid.UUID,
    view: BreachView,
    people: Sequence[uuid.UUID],
    values: dict[str, str],
) -> None:
    """Before it is noted: killed in between, somebody is told twice rather than never."""
    if view.audience is Audience.PEOPLE:
        with desk.installation(actor) as work:
            for user in work.session.scalars(select(User).where(User.id.in_(people))):
                notify(desk, work, user=user, notice=MailKind.BREACH_USERS, values=values)
        return
    with desk.tenant(tenant_id, actor) as work:
        for row in work.session.scalars(select(Registrant).where(Registrant.id.in_(people))):
            address = open_details(work, desk.ring, row).email
            desk.mailer(
                work, to=address, notice=MailKind.BREACH_USERS, language="en", values=values
            )


def _note(work: UnitOfWork, breach_id: uuid.UUID, people: Sequence[uuid.UUID]) -> None:
    rows = [
        {"tenant_id": work.tenant_id, "breach_id": breach_id, "person_id": one, "at": work.now}
        for one in people
    ]
    work.connection.execute(insert(BreachTelling).on_conflict_do_nothing(), rows)


def _values(view: BreachView, tenant: str) -> dict[str, str]:
    """Promise F6: what happened, what was done, and who is responsible."""
    parts = {
        "What happened": view.what.nature,
        "What it can mean for you": view.what.consequences,
        "What we did": view.what.measures,
        "Who is responsible": view.what.responsible or tenant,
    }
    lines = "\n\n".join(f"{title}:\n{text}" for title, text in parts.items() if text)
    return {"tenant": tenant, "text": lines}
