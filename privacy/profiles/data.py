"""Kinds of data: what, whose, from where, what for, on which ground, and until when."""

from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from privacy.core.db.declarations import LegalBasis, Purpose, Retention, Subjects
from privacy.profiles.parts import Facts, Key, Text

Category = Annotated[str, StringConstraints(pattern=r"^(user|system)(\.[a-z_]+)*$")]

Said = Annotated[
    dict[Annotated[str, StringConstraints(pattern=r"^(en|fi|sv|de)$")], Text],
    Field(default_factory=dict, exclude_if=lambda said: not said),
]
"""A tenant's own words by language; ours stand with the notices. What has none of them is written
down as it always was, so that rules stay the same rules."""

OPEN_ENDED: Final = frozenset(
    {
        Retention.ACCOUNT,
        Retention.SUBSCRIPTION,
        Retention.LEDGER,
        Retention.FINANCIAL,
        Retention.DECLARED,
        Retention.DECISION,
        Retention.CONSENTS,
        Retention.OBJECTIONS,
    }
)
"""Ended by an event, not by days."""


class Source(StrEnum):
    """Where a datum comes from (promise A6)."""

    CUSTOMER = "given_by_customer"
    PUBLIC = "public_source"
    USE = "use_of_service"


class Role(StrEnum):
    """What the profile's controller is for a kind of data (promise A1)."""

    CONTROLLER = "controller"
    PROCESSOR = "processor"
    """The tenant is controller; a request goes on to it (GDPR Art. 28(3)(e))."""


class DataField(Facts):
    """One declared datum. What is not declared is refused or stripped (promise A12)."""

    name: Key
    category: Category
    meaning: Text
    said: Said


class DataKind(Facts):
    """One kind of data, with everything that has to be said of it."""

    key: Key
    name: Text
    said: Said
    subjects: Subjects
    role: Role
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    public_sources: tuple[Text, ...] = ()
    purposes: Annotated[tuple[Purpose, ...], Field(min_length=1)]
    basis: LegalBasis
    retention: Retention
    days: Annotated[int, Field(ge=1, le=3660)] | None = None
    """Calendar days, the day itself included; None where an end of something ends the data."""
    at_the_end: Literal["erased", "asked"] = "erased"
    """Asked: the person may allow longer, once; silence or no is erasure (promise B2)."""
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

    @model_validator(mode="after")
    def _ends(self) -> Self:
        by_event = self.retention in OPEN_ENDED
        if self.retention is Retention.DECLARED:
            # A field that a tenant declares ends by days where the tenant said so (promise A11).
            by_event = self.days is None
        if by_event != (self.days is None):
            raise ValueError("data ends by days or by an event, not by both and not by neither")
        if any(field.category == "user.financial.credit_card" for field in self.fields):
            raise ValueError("card numbers never enter")
        return self
