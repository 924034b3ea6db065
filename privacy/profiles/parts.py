"""Parts of a profile about the service as a whole: who, which policy, marketing, cookies."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Text = Annotated[str, StringConstraints(min_length=1, max_length=400, strip_whitespace=True)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{1,39}$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class Facts(BaseModel):
    """Base of every part: immutable, and nothing undeclared is read."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Controller(Facts):
    """Who answers for the data (GDPR Art. 13(1)(a))."""

    name: Text
    country: Country
    """Whose law and supervisory authority count."""
    address: Text | None = None
    contact: Text | None = None
    phone: Text | None = None
    email: Text | None = None
    website: Text | None = None
    register_number: Text | None = None
    register_type: Text | None = None

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if not (self.address or self.phone or self.email):
            raise ValueError("a controller can be reached by letter, telephone or e-mail")
        return self


class Policy(Facts):
    """The published text (promises D2, D3)."""

    dated: date
    next_review: date
    changes: Literal["announced", "on_publication"]
    acceptance: Literal["none", "by_use", "recorded"]

    @model_validator(mode="after")
    def _ahead(self) -> Self:
        if self.next_review <= self.dated:
            raise ValueError("the next review comes after the policy's date")
        return self


class Objection(StrEnum):
    """What a person can object to, each on its own (promise C6)."""

    DIRECT_MARKETING = "direct_marketing"
    TELEMARKETING = "telemarketing"
    MARKET_RESEARCH = "market_research"
    OPINION_POLLS = "opinion_polls"
    PERSONAL_RESEARCH = "personal_research"


class ObjectionChannel(StrEnum):
    """How an objection reaches us (promise C6): in writing, or by telephone."""

    LETTER = "letter"
    MAIL = "email"
    FORM = "form"
    TELEPHONE = "telephone"


class Marketing(Facts):
    """Whether personal data is used for marketing, and how a person ends it (C6, C10)."""

    stance: Literal["none", "consent", "unless_objected"]
    email: Literal["none", "consent"]
    objections: tuple[Objection, ...] = ()
    objection_channels: tuple[ObjectionChannel, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.stance == "none" and self.email != "none":
            raise ValueError("where there is no marketing there is none by e-mail")
        if self.stance != "none" and self.email == "none":
            raise ValueError("marketing by e-mail waits for consent, or there is none at all")
        if bool(self.objections) != bool(self.objection_channels):
            raise ValueError("an objection has a way to arrive")
        return self


class CookieCategory(StrEnum):
    """Kinds of cookies. All but the essential ones wait for consent (promise D4)."""

    ESSENTIAL = "essential"
    ANALYTICS = "analytics"
    FUNCTIONAL = "functional"
    SOCIAL_MEDIA = "social_media"
    ADVERTISING = "advertising"


class Cookie(Facts):
    """One cookie that may be set."""

    name: Text
    category: CookieCategory
    purpose: Text
    days: Annotated[int, Field(ge=0, le=400)]


class CookiePolicy(Facts):
    """Which cookies the service's public pages set: none at all (D5), or by category (D4)."""

    stance: Literal["none", "essential", "by_category"]
    analytics: bool = False
    categories: tuple[CookieCategory, ...] = ()
    """Categories that a visitor is asked about; each can be refused on its own."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.stance == "by_category") != bool(self.categories):
            raise ValueError("categories are asked about where the stance says so, and only there")
        if CookieCategory.ESSENTIAL in self.categories:
            raise ValueError("an essential cookie is not asked about")
        if self.analytics and CookieCategory.ANALYTICS not in self.categories:
            raise ValueError("analytics wait for consent, so visitors are asked about them")
        return self


class Breaches(Facts):
    """How fast a loss is told (GDPR Art. 33 and 34; promise F6)."""

    authority_hours: Annotated[int, Field(ge=1, le=72)] = 72
    users_hours: Annotated[int, Field(ge=1, le=72)] | None = None


class Term(StrEnum):
    """What a registration agrees to, each with its version (promise D1)."""

    CONDITIONS = "conditions"
    POLICY = "policy"
    SERVICE_LEVEL = "service_level"


class Registration(Facts):
    """What a person confirms before there is an account (promise D1)."""

    terms: Annotated[tuple[Term, ...], Field(min_length=1)]
    minimum_age: Annotated[int, Field(ge=13, le=21)]
    legal_capacity: bool
    birth_date_checked: bool
    """Whether the age is counted from the birth date, besides being confirmed."""


class DocumentUse(StrEnum):
    """What an identity document may be asked for (promises A14, C7)."""

    DOUBTFUL_REGISTRANT = "doubtful_registrant"
    DOMAIN_TRANSFER = "domain_transfer"
    IDENTIFICATION = "identification_of_requester"


class Documents(Facts):
    """When documents are asked for. They are destroyed after the decision."""

    asked_for: Annotated[tuple[DocumentUse, ...], Field(min_length=1)]
    to_registrar: bool = False
    """Whether a domain owner's go to the registrar, with an entry in the register (E3)."""


class UnofficialChannel(StrEnum):
    """Ways of contact that are nobody's register (promise D6)."""

    SKYPE = "skype"
    FACEBOOK = "facebook"
    LINKEDIN = "linkedin"


class UnofficialChannels(Facts):
    """Contact over them needs explicit consent; what came is kept for `days` (promise D6)."""

    channels: Annotated[tuple[UnofficialChannel, ...], Field(min_length=1)]
    days: Annotated[int, Field(ge=1, le=400)]
