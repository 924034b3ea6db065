"""What a service says about personal data, typed. The notice and the enforcement both read it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from privacy.core.errors import Misconfigured
from privacy.profiles.data import DataKind
from privacy.profiles.parts import (
    Breaches,
    Controller,
    Cookie,
    CookieCategory,
    CookiePolicy,
    Documents,
    Facts,
    Key,
    Marketing,
    Policy,
    Registration,
    Text,
    UnofficialChannels,
)
from privacy.profiles.sharing import (
    EEA,
    Counterpart,
    Disclosures,
    Processor,
    Recipient,
    TenantRecipient,
)

Region = Literal["eu_preferred", "eu", "germany"]
REGIONS: Final[Mapping[Region, frozenset[str] | None]] = MappingProxyType(
    {"eu_preferred": None, "eu": EEA, "germany": frozenset({"DE"})}
)
"""Countries of a region, from wide to narrow; None: others too, on a valid footing."""


class Profile(Facts):
    """A service's privacy profile."""

    key: Annotated[str, StringConstraints(pattern=r"^[A-Z]$")]
    service: Text
    slug: Key
    description: Text
    controller: Controller
    policy: Policy
    region: Region
    mfa: Literal["optional", "mandatory"]
    encrypted: bool
    source_documents: bool
    """Whether a sender's whole document may be kept, or its declared fields only."""
    marketing: Marketing
    cookie_policy: CookiePolicy
    cookies: tuple[Cookie, ...] = ()
    registration: Registration | None = None
    documents: Documents | None = None
    unofficial: UnofficialChannels | None = None
    processors: tuple[Processor, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    tenant_recipients: tuple[TenantRecipient, ...] = ()
    disclosures: Disclosures
    breaches: Breaches
    data: Annotated[tuple[DataKind, ...], Field(min_length=1)]

    @property
    def no_marketing(self) -> bool:
        """Whether personal data is never used for marketing (promise C10)."""
        return self.marketing.stance == "none"

    def kind(self, key: str) -> DataKind:
        """The kind of data called `key`.

        Raises:
            Misconfigured: the service declares none such, so it must hold none such.
        """
        for kind in self.data:
            if kind.key == key:
                return kind
        raise Misconfigured(f"the profile of {self.service} declares no {key}")

    def declares(self, key: str) -> bool:
        """Whether the service keeps a kind of data at all (promise A12)."""
        return any(kind.key == key for kind in self.data)

    def retention_days(self, key: str) -> int:
        """Calendar days that a kind is kept, its own day included.

        Raises:
            Misconfigured: no such kind, or it does not end by days.
        """
        days = self.kind(key).days
        if days is None:
            raise Misconfigured(f"{key} of {self.service} does not end by days")
        return days

    def declared_fields(self, key: str) -> frozenset[str]:
        """What may be kept of a kind; the rest is refused or stripped."""
        return self.kind(key).declared_fields

    def admits(self, country: str) -> bool:
        """Whether data may be stored in, or sent to servers in, a country (promise E4)."""
        inside = REGIONS[self.region]
        return inside is None or country in inside

    def tenant_may_name(self, use: Literal["source", "events"]) -> bool:
        """Whether a tenant may enter a host of its own for this use."""
        return any(one.use == use for one in self.tenant_recipients)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        keys = [kind.key for kind in self.data]
        if len(set(keys)) != len(keys):
            raise ValueError("a kind of data is declared twice")
        declared = {field.name for kind in self.data for field in kind.fields}
        for processor in self.processors:
            if unknown := set(processor.fields) - declared:
                raise ValueError(f"a processor gets what nobody declared: {sorted(unknown)}")
        asked: tuple[Counterpart, ...] = (*self.recipients, *self.tenant_recipients)
        for recipient in asked:
            if unknown := {*recipient.gives, *recipient.gets} - set(keys):
                raise ValueError(f"a recipient has what nobody declared: {sorted(unknown)}")
        if unknown := set(self.disclosures.registry_fields) - declared:
            raise ValueError(f"a registry gets what nobody declared: {sorted(unknown)}")
        return self

    @model_validator(mode="after")
    def _in_place(self) -> Self:
        """Data stays where promised (E4): what runs on servers, inside; in browsers, by consent."""
        for processor in self.processors:
            if processor.runs == "server" and not self.admits(processor.country):
                raise ValueError(f"{processor.name} is outside the region {self.region}")
        for recipient in self.recipients:
            if not self.admits(recipient.country):
                raise ValueError(f"{recipient.host} is outside the region {self.region}")
        return self

    @model_validator(mode="after")
    def _cookies(self) -> Self:
        if self.cookie_policy.stance == "none" and self.cookies:
            raise ValueError("a service without cookies sets none")
        allowed = {CookieCategory.ESSENTIAL, *self.cookie_policy.categories}
        if {cookie.category for cookie in self.cookies} - allowed:
            raise ValueError("a cookie is of a category that nobody is asked about")
        return self
