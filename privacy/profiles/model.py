"""What a service says about personal data, typed. The notice and the enforcement both read it."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from privacy.core.db.declarations import LegalBasis, Purpose, Retention, Subjects
from privacy.core.errors import Misconfigured

Text = Annotated[str, StringConstraints(min_length=1, max_length=400, strip_whitespace=True)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{1,39}$")]
Category = Annotated[str, StringConstraints(pattern=r"^(user|system)(\.[a-z_]+)*$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class Source(StrEnum):
    """Where a datum comes from (promise A6)."""

    CUSTOMER = "given_by_customer"
    PUBLIC = "public_source"
    USE = "use_of_service"


class Facts(BaseModel):
    """Base of every part: immutable, and nothing undeclared is read."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Controller(Facts):
    """Who answers for the data (GDPR Art. 13(1)(a))."""

    name: Text
    address: Text
    country: Country
    contact: Text
    phone: Text
    email: Text
    register_type: Text


class DataField(Facts):
    """One declared datum. What is not declared is refused or stripped (promise A12)."""

    name: Key
    category: Category
    meaning: Text


class DataKind(Facts):
    """One kind of data, with everything that has to be said of it."""

    key: Key
    name: Text
    subjects: Subjects
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    public_sources: tuple[Text, ...] = ()
    purposes: Annotated[tuple[Purpose, ...], Field(min_length=1)]
    basis: LegalBasis
    retention: Retention
    days: Annotated[int, Field(ge=1, le=3660)] | None = None
    """Calendar days, the day itself included; None where an end of something ends the data."""
    names_user: bool = True
    """Whether a user id may stand in it (a usage record names the device only, promise A3)."""
    fields: Annotated[tuple[DataField, ...], Field(min_length=1)]

    @property
    def declared_fields(self) -> frozenset[str]:
        """Names of everything that may be kept."""
        return frozenset(field.name for field in self.fields)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if len(self.declared_fields) != len(self.fields):
            raise ValueError("a field is declared twice")
        if (Source.PUBLIC in self.sources) != bool(self.public_sources):
            raise ValueError("a public source is named, and only then")
        if not self.names_user and any(
            f.category.startswith("user.unique_id") for f in self.fields
        ):
            raise ValueError("this kind names no user")
        return self


class Objection(StrEnum):
    """What a person can object to, each on its own (promise C6)."""

    DIRECT_MARKETING = "direct_marketing"
    TELEMARKETING = "telemarketing"
    MARKET_RESEARCH = "market_research"
    OPINION_POLLS = "opinion_polls"
    PERSONAL_RESEARCH = "personal_research"


class Marketing(Facts):
    """Whether personal data is used for marketing, and how a person ends it."""

    stance: Literal["none", "consent", "unless_objected"]
    email: Literal["none", "consent"]
    objections: tuple[Objection, ...] = ()
    objection_channels: tuple[Literal["letter", "email", "form", "telephone"], ...] = ()


class Cookie(Facts):
    """One cookie that may be set."""

    name: Text
    category: Literal["essential", "analytics", "functional", "social_media", "advertising"]
    purpose: Text
    days: Annotated[int, Field(ge=0, le=400)]


class Processor(Facts):
    """A sub-processor: the fields it gets, and on what footing (promise E1)."""

    name: Text
    role: Text
    country: Country
    transfer: Literal["eu_eea", "adequacy", "standard_clauses"]
    statement_url: Text
    agreement_url: Text
    fields: tuple[Key, ...]


class Disclosures(Facts):
    """To whom else, and on what ground alone (promises E2, E3)."""

    grounds: tuple[Literal["authority", "court", "consent", "agreement", "registry"], ...] = ()


class Breaches(Facts):
    """How fast a loss is told (GDPR Art. 33 and 34; promise F6)."""

    authority_hours: Annotated[int, Field(ge=1, le=72)] = 72
    users_hours: Annotated[int, Field(ge=1, le=72)] | None = None


class Policy(Facts):
    """The published text (promises D2, D3)."""

    dated: date
    next_review: date
    changes: Literal["announced", "on_publication"]
    acceptance: Literal["by_use", "recorded"]

    @model_validator(mode="after")
    def _ahead(self) -> Self:
        if self.next_review <= self.dated:
            raise ValueError("the next review comes after the policy's date")
        return self


class Profile(Facts):
    """A service's privacy profile."""

    key: Annotated[str, StringConstraints(pattern=r"^[A-Z]$")]
    service: Text
    slug: Key
    description: Text
    controller: Controller
    policy: Policy
    region: Literal["eu", "eu_preferred", "germany"]
    mfa: Literal["optional", "mandatory"]
    encrypted: bool
    source_documents: bool
    """Whether a sender's whole document may be kept, or its declared fields only."""
    marketing: Marketing
    cookies: tuple[Cookie, ...] = ()
    processors: tuple[Processor, ...] = ()
    disclosures: Disclosures
    breaches: Breaches
    data: Annotated[tuple[DataKind, ...], Field(min_length=1)]

    def kind(self, key: str) -> DataKind:
        """The kind of data called `key`.

        Raises:
            Misconfigured: the service declares none such, so it must hold none such.
        """
        for kind in self.data:
            if kind.key == key:
                return kind
        raise Misconfigured(f"the profile of {self.service} declares no {key}")

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

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        keys = [kind.key for kind in self.data]
        if len(set(keys)) != len(keys):
            raise ValueError("a kind of data is declared twice")
        declared = {field.name for kind in self.data for field in kind.fields}
        for processor in self.processors:
            if unknown := set(processor.fields) - declared:
                raise ValueError(f"a processor gets what nobody declared: {sorted(unknown)}")
        return self
