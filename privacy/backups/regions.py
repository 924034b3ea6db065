"""Promise E4: archives stay where every profile in use says that data stays."""

from collections.abc import Collection
from typing import Final
from urllib.parse import parse_qs, urlsplit

from privacy.backups.errors import StoreAbroad
from privacy.core.settings import Settings
from privacy.profiles.load import load_profiles
from privacy.profiles.model import REGIONS

_AMAZON: Final = {
    "eu-central-1": "DE",
    "eu-central-2": "CH",
    "eu-north-1": "SE",
    "eu-west-1": "IE",
    "eu-west-2": "GB",
    "eu-west-3": "FR",
    "eu-south-1": "IT",
    "eu-south-2": "ES",
}
"""Regions of the one provider whose names say the country (docs.aws.amazon.com, 2026-11)."""


def check_region(settings: Settings, *, services: Collection[str]) -> str | None:
    """The country of the store, when every profile of `services` allows it.

    A folder of a development stack needs no country: it is this machine.

    Raises:
        StoreAbroad: a profile promises another place, or nobody said where the store is.
    """
    place, country = settings.backup_store or "", settings.backup_country
    bound = {key: _allowed(key) for key in services}
    if country is None:
        bucket = urlsplit(place).scheme == "s3"
        if any(bound.values()) and (bucket or not settings.development):
            raise StoreAbroad("Set SILTA_BACKUP_COUNTRY: a profile promises where data stays")
        return None
    if (told := _told_by_region(place)) is not None and told != country:
        raise StoreAbroad(f"SILTA_BACKUP_COUNTRY is {country}, and the store's region is {told}")
    for key, allowed in bound.items():
        if allowed and country not in allowed:
            raise StoreAbroad(f"The profile of service {key} does not let archives be in {country}")
    return country


def _allowed(key: str) -> frozenset[str] | None:
    return REGIONS[load_profiles()[key].region]


def _told_by_region(place: str) -> str | None:
    """The country that an S3 region's name tells; other providers' names tell none."""
    parts = urlsplit(place)
    query = parse_qs(parts.query)
    if parts.scheme != "s3" or "endpoint" in query:
        return None
    region = query.get("region", ["us-east-1"])[-1]
    return _AMAZON.get(region, "elsewhere")
