"""Which centre a request is for, and in which language it is read."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import request

from connector.http.centre.keys import SERVICES, tenant_behind
from connector.http.intake.strangers import turn_away
from connector.notices.publish import organisation_of, rules_of
from connector.statistics.published import is_published
from privacy.core.db.work import NOBODY, UnitOfWork, unit_of_work
from privacy.core.errors import NotFound
from privacy.notices.languages import LANGUAGES
from privacy.profiles import Profile
from tenants.http.services import services
from tenants.tenants.views import get_tenant


@dataclass(frozen=True, slots=True)
class Centre:
    """A tenant's public face, or that of the services themselves."""

    tenant_id: uuid.UUID
    key: str
    organisation: str
    rules: tuple[Profile, ...]
    publishes: bool = False
    """Whether it shows counts (promise B5)."""

    @property
    def of_services(self) -> bool:
        """Whether it is the installation's own, which takes no requests."""
        return self.key == SERVICES

    def service(self, slug: str) -> Profile:
        """The profile of one of its services. Raises NotFound."""
        found = next((one for one in self.rules if one.slug == slug), None)
        return found if found is not None else turn_away()


def found_centre(key: str) -> Centre:
    """The centre of a public key.

    Raises:
        NotFound: no active tenant has it; TooManyRequests after some tries a minute.
    """
    try:
        tenant_id = tenant_behind(key)
        with unit_of_work(services().engines.app, tenant_id=tenant_id, actor=NOBODY) as work:
            return _centre(work, key)
    except NotFound:
        turn_away()


def _centre(work: UnitOfWork, key: str) -> Centre:
    if key != SERVICES and get_tenant(work).state != "active":
        raise NotFound
    organisation = organisation_of(work, services().vault)
    publishes = key != SERVICES and is_published(work)
    return Centre(work.tenant_id, key, organisation, tuple(rules_of(work)), publishes)


@contextmanager
def work_of(centre: Centre) -> Iterator[UnitOfWork]:
    """A unit of work in the centre's tenant, in nobody's name."""
    with unit_of_work(services().engines.app, tenant_id=centre.tenant_id, actor=NOBODY) as work:
        yield work


def language() -> str:
    """The language that was chosen, else the browser's best, else English. Kept nowhere."""
    chosen = request.values.get("lang", "")
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(LANGUAGES, default="en") or "en"
