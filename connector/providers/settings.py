"""What a connector account says about its exchange; stored as JSON with the account."""

from typing import Annotated, Any, Final, TypeVar
from zoneinfo import ZoneInfo, available_timezones

import msgspec
import phonenumbers
from msgspec import Meta

from privacy.core.errors import Invalid

_ZONES: Final = frozenset(available_timezones()) | {"UTC"}


class AccountSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every exchange needs to know. Subclasses add their own; all have defaults."""

    region: str = "FI"
    """Where national numbers are from (ISO 3166)."""
    time_zone: str = "UTC"
    """The zone of times that are sent without one (IANA name)."""
    own_numbers: tuple[str, ...] = ()
    """The account's own public numbers: who calls from one of them calls out."""
    extension_digits: Annotated[int, Meta(ge=1, le=9)] = 6
    """Digits up to this length, without a leading 0, are an extension of the exchange."""

    def __post_init__(self) -> None:
        if self.region not in phonenumbers.SUPPORTED_REGIONS:
            raise ValueError("region is a country code of two capital letters, like FI")
        if self.time_zone not in _ZONES:
            raise ValueError("time_zone is a zone name, like Europe/Helsinki")

    @property
    def zone(self) -> ZoneInfo:
        """The time zone itself."""
        return ZoneInfo(self.time_zone)


S = TypeVar("S", bound=AccountSettings)


def read_settings(kind: type[S], stored: dict[str, Any]) -> S:
    """Typed settings from stored JSON. Raises Invalid with a message for the person who set it."""
    try:
        return msgspec.convert(stored, kind)
    except msgspec.ValidationError as error:
        raise Invalid(f"The account's settings are not valid: {error}.") from None
