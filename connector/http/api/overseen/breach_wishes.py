"""What is said of a loss over the API: what it is, what was exposed, what is decided."""

import uuid
from datetime import date, datetime
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from connector.http.api.registers.wanted import Service
from privacy.breaches.scopes import Exposed, Exposure
from privacy.breaches.shapes import Discovered, What
from privacy.core import clock
from privacy.core.db.work import UnitOfWork
from tenants.tenants.subscribed import meant_service

TEXTS: Final = ("nature", "consequences", "measures", "responsible")
"""What somebody writes of a loss in their own words."""
_Moment = Annotated[datetime, Meta(tz=True)]
_Text = Annotated[str, Meta(max_length=5000)]
_Said = Annotated[str, Meta(min_length=1, max_length=5000)]
_Table = Annotated[str, Meta(min_length=1, max_length=60)]


class ExposureWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What was exposed, from when on. `which`: the id of the person, API key or export; the days
    are those whose keys were exposed."""

    exposed: Exposed
    since: _Moment
    until: _Moment | None = None
    which: uuid.UUID | None = None
    first_day: date | None = None
    last_day: date | None = None

    def meant(self) -> Exposure:
        """As it is computed from."""
        return Exposure(
            what=self.exposed,
            since=self.since,
            until=self.until or clock.now(),
            which=self.which,
            first_day=self.first_day,
            last_day=self.last_day,
        )


class BreachWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A loss, from its discovery on; the rest can follow (GDPR Art. 33(4))."""

    nature: _Said
    discovered_at: _Moment
    service: Service | None = None
    consequences: _Text = ""
    measures: _Text = ""
    responsible: _Text = ""
    tables: Annotated[list[_Table], Meta(max_length=100)] = []
    people: Annotated[int, Meta(ge=0, le=2_000_000_000)] | None = None
    exposure: ExposureWish | None = None
    drill: bool = False

    def meant(self, work: UnitOfWork) -> Discovered:
        """As it is recorded, without its scope."""
        return Discovered(
            service=meant_service(work, self.service),
            what=What(
                nature=self.nature.strip(),
                consequences=self.consequences.strip(),
                measures=self.measures.strip(),
                responsible=self.responsible.strip(),
            ),
            discovered_at=self.discovered_at,
            tables=self.tables,
            people=self.people,
            drill=self.drill,
        )


class Assessment(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How bad it is for people, and why."""

    risk: Literal["none", "risk", "high"]
    text: _Said


class AuthorityTold(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """That the authority was told: its reference, and why late where it was late."""

    text: _Said
    at: _Moment | None = None


class TellWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Who is written to, and why these."""

    audience: Literal["people", "registrants"]
    text: _Said


class Settling(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What came of it."""

    text: _Said
