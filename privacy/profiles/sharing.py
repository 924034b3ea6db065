"""Parts of a profile about others: processors, hosts that are asked, grounds of disclosure."""

from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from privacy.profiles.parts import Country, Facts, Key, Text

Host = Annotated[
    str,
    StringConstraints(pattern=r"^([a-z0-9-]{1,63}\.)+[a-z]{2,63}$", max_length=253),
]
Port = Annotated[int, Field(ge=1, le=65_535)]

EEA: Final = frozenset(
    {
        *("AT", "BE", "BG", "HR", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HU", "IE"),
        *("IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"),
    }
)
"""Members of the European Economic Area (ISO 3166)."""


ADEQUATE: Final = frozenset(
    {
        *("AD", "AR", "CA", "CH", "FO", "GB", "GG", "IL", "IM", "JE", "JP", "KR", "NZ", "US", "UY"),
    }
)
"""Countries with a decision of the Commission (GDPR Art. 45(9)); of the US, certified companies
alone. One that comes later is entered here when it is in the Official Journal."""


class Transfer(StrEnum):
    """Footings on which data goes to another country (GDPR Chapter V)."""

    EU_EEA = "eu_eea"
    ADEQUACY = "adequacy"
    CLAUSES = "standard_clauses"
    EU_SHIELD = "eu_privacy_shield"
    SWISS_SHIELD = "swiss_privacy_shield"


ANNULLED: Final = frozenset({Transfer.EU_SHIELD, Transfer.SWISS_SHIELD})
"""Texts still name them; nothing rests on them (CJEU C-311/18, and the Swiss FDPIC, 2020)."""


class Processor(Facts):
    """A sub-processor: the fields it gets, and on what footing (promise E1)."""

    name: Text
    role: Text
    country: Country
    transfers: Annotated[tuple[Transfer, ...], Field(min_length=1)]
    historic_transfers: tuple[Transfer, ...] = ()
    """What an older text rested on, and nothing rests on any more: told, never counted."""
    runs: Literal["server", "browser"] = "server"
    """A browser tool sees a visitor only after consent (promise E4)."""
    statement_url: Text
    agreement_url: Text
    fields: tuple[Key, ...]

    @property
    def footing(self) -> Transfer:
        """The footing that counts."""
        return self.transfers[0]

    @model_validator(mode="after")
    def _lawful(self) -> Self:
        if set(self.transfers) & ANNULLED:
            raise ValueError("the Privacy Shield was annulled: name a valid footing")
        if set(self.historic_transfers) - ANNULLED:
            raise ValueError("what still counts is no historic footing")
        if (self.footing is Transfer.EU_EEA) != (self.country in EEA):
            raise ValueError("eu_eea is the footing of EEA countries, and of no others")
        if self.footing is Transfer.ADEQUACY and self.country not in ADEQUATE:
            raise ValueError("there is no decision on the adequacy of this country")
        return self


class Counterpart(Facts):
    """What goes to a host, and what comes from it."""

    role: Text
    gives: tuple[Key, ...] = ()
    """Kinds of data that come from it."""
    gets: tuple[Key, ...] = ()
    """Kinds of data that go to it."""


class Recipient(Counterpart):
    """A host that may be asked, always over https (promise E2)."""

    host: Host
    port: Port = 443
    country: Country
    """Where what is sent there is received (promise E4)."""


class TenantRecipient(Counterpart):
    """A kind of host that the tenant names itself: a system of its own, not a third party."""

    use: Literal["source", "events"]


class Ground(StrEnum):
    """Why something may be told to others (promise E3)."""

    AUTHORITY = "authority"
    COURT = "court"
    CONSENT = "consent"
    AGREEMENT = "agreement"
    REGISTRY = "registry"


class AuthorityReason(StrEnum):
    """What an authority's request is about, where the text lists that (C)."""

    UNLAWFUL_ACTS = "unlawful_acts"
    FRAUD = "fraud"
    SAFETY = "safety"
    BREACH_OF_TERMS = "breach_of_terms"
    LAW = "law"


class Disclosures(Facts):
    """To whom else, and on what ground alone (promises E2, E3)."""

    grounds: tuple[Ground, ...] = ()
    authority_reasons: tuple[AuthorityReason, ...] = ()
    registry_fields: tuple[Key, ...] = ()
    """What WHOIS and the registrar get of a domain's owner, previewed before it is published."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if bool(self.authority_reasons) and Ground.AUTHORITY not in self.grounds:
            raise ValueError("reasons of authorities need the ground authority")
        if bool(self.registry_fields) != (Ground.REGISTRY in self.grounds):
            raise ValueError("the registry's fields are listed, and only with that ground")
        return self
