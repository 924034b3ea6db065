"""What was exposed, on the pages of losses: the fields, what they say, and what it comes to."""

import uuid
from typing import Final

from wtforms import BooleanField, DateField, DateTimeLocalField, SelectField, StringField
from wtforms.validators import UUID, Optional

from connector.breaches.preview import scope_of
from connector.http.console.registers.facts import in_utc
from privacy.breaches.scopes import Exposed, Exposure, Scope
from privacy.core import clock
from privacy.core.errors import Invalid
from tenants.http.callers import caller
from tenants.http.choices import choices
from tenants.http.forms import Sheet
from tenants.http.services import services

FORMATS: Final = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
EXPOSED: Final = {
    Exposed.ACCOUNT: "Somebody's password or session",
    Exposed.API_KEY: "An API key",
    Exposed.EXPORT: "An export that was fetched, and what opens it",
    Exposed.DATABASE: "The database or a copy of it, without keys",
    Exposed.DAY_KEYS: "The database with the keys of some days",
    Exposed.ALL_KEYS: "The database with every key",
}


class ExposureFields(Sheet):
    """What was exposed, and when. From it the service computes what was readable."""

    exposed = SelectField(
        "What was exposed",
        [Optional()],
        choices=choices([("", "Not known yet"), *((o.value, w) for o, w in EXPOSED.items())]),
    )
    since = DateTimeLocalField("From (UTC)", [Optional()], format=FORMATS)
    until = DateTimeLocalField(
        "Until (UTC)", [Optional()], format=FORMATS, description="Empty: until now."
    )
    which = StringField(
        "Id of the person, API key or export",
        [Optional(), UUID("Enter an id, as the ledger shows it.")],
    )
    first_day = DateField("First day whose key was exposed", [Optional()])
    last_day = DateField("Last day whose key was exposed", [Optional()])
    preview = BooleanField()

    def exposure(self) -> Exposure | None:
        """What was entered; None where it is not known. Raises Invalid."""
        if not self.exposed.data:
            return None
        since = in_utc(self.since.data)
        if since is None:
            raise Invalid(fields={"since": "Say from when on it was exposed."})
        return Exposure(
            what=Exposed(self.exposed.data),
            since=since,
            until=in_utc(self.until.data) or clock.now(),
            which=uuid.UUID(self.which.data) if self.which.data else None,
            first_day=self.first_day.data,
            last_day=self.last_day.data,
        )


def computed(form: ExposureFields, *, tenants: list[uuid.UUID] | None = None) -> Scope | None:
    """What the form's exposure reached in the caller's tenant. Raises Invalid."""
    given = form.exposure()
    if given is None:
        return None
    who = caller()
    return scope_of(
        services().engines.app,
        actor=who.actor,
        tenant_id=who.tenant_id,
        exposure=given,
        tenants=tenants or (),
    )
