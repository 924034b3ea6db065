"""What every account says of itself: its name, and how its numbers and times are read."""

from typing import Final
from zoneinfo import available_timezones

import phonenumbers

from privacy.core.writings import is_name

LONGEST_NAME: Final = 120


def wrong_facts(name: str, region: str, time_zone: str) -> dict[str, str]:
    """What of these cannot be used, by field, in words for whoever entered it."""
    wrong: dict[str, str] = {}
    if not is_name(name, longest=LONGEST_NAME):
        wrong["name"] = f"Give the account a name of up to {LONGEST_NAME} characters."
    if region not in phonenumbers.SUPPORTED_REGIONS:
        wrong["region"] = "Choose the country that the exchange's national numbers are from."
    if time_zone not in available_timezones():
        wrong["time_zone"] = "Choose the time zone in which the exchange writes its times."
    return wrong
