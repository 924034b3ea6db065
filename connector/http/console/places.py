"""Where somebody is: organisation, role, menu. What every page's frame shows."""

import uuid
from dataclasses import dataclass
from functools import cached_property

from flask import Flask, g, request
from sqlalchemy import func, select

from connector.http.console.navigation import Group, groups
from connector.marketplace.subscriptions import SubscriptionView, next_end, view_subscription
from privacy.core.db.tenancy import INSTALLATION_ID
from tenants.http.callers import caller
from tenants.http.services import services
from tenants.http.wording import role_name
from tenants.memberships.models import UserTenant
from tenants.tenants.views import TenantView, view_tenant
from tenants.users.find import view_user
from tenants.users.views import UserView


@dataclass
class Place:
    """Read once for a page, and only what the page asks for."""

    @property
    def groups(self) -> list[Group]:
        """The menu as this person sees it."""
        return groups()

    @property
    def here(self) -> str:
        """The part of the console that is shown."""
        return request.blueprint or ""

    @property
    def user_id(self) -> uuid.UUID | None:
        """Who looks at the page."""
        return caller().id

    @property
    def role_name(self) -> str:
        """What they are here."""
        return role_name(caller().role)

    @property
    def tenant_name(self) -> str:
        """Where they are; an operator is in the installation."""
        if caller().tenant_id == INSTALLATION_ID:
            return "Installation" if caller().role else ""
        return self._tenant.name

    @property
    def mfa_required(self) -> bool:
        """Whether a second factor must stay on here."""
        return caller().role is not None and self._tenant.mfa_required

    @property
    def person_name(self) -> str:
        """Their name, or address where they gave none."""
        return (self._person.name or self._person.email) if self._person else ""

    @property
    def person_email(self) -> str:
        """Their address, for password managers."""
        return self._person.email if self._person else ""

    @cached_property
    def can_switch(self) -> bool:
        """Whether there is another organisation to change to."""
        with services().desk.installation(caller().actor) as work:
            mine = select(func.count()).where(UserTenant.user_id == caller().id)
            return (work.session.scalar(mine) or 0) > 1

    @cached_property
    def _person(self) -> UserView | None:
        user_id = caller().id
        if user_id is None:
            return None
        with services().desk.installation(caller().actor) as work:
            return view_user(services().vault, work, user_id=user_id)

    @property
    def asks_this_machine(self) -> bool:
        """Whether simulators on this machine may be asked: development only (promise E2)."""
        return services().settings.outbound_loopback

    @property
    def ending(self) -> SubscriptionView | None:
        """The subscription whose data is destroyed next, if one is ending (promise B4)."""
        return self._here[1] if caller().tenant_id != INSTALLATION_ID and caller().role else None

    @property
    def _tenant(self) -> TenantView:
        return self._here[0]

    @cached_property
    def _here(self) -> tuple[TenantView, SubscriptionView | None]:
        with services().desk.tenant(caller().tenant_id, caller().actor) as work:
            ending = next_end(work)
            return (
                view_tenant(services().vault, work),
                view_subscription(ending) if ending else None,
            )


def install(app: Flask) -> None:
    """Offer `place` to every template."""

    @app.context_processor
    def _place() -> dict[str, Place]:
        if "place" not in g:
            g.place = Place()
        return {"place": g.place}
