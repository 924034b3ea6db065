"""Countries by name, as the time zone data that ships with us writes them."""

from functools import cache
from importlib.resources import files

import phonenumbers

NEAR = ("FI", "SE", "NO", "DK", "EE", "DE")
"""Offered first; the rest follows by name."""

_MISSING = {"AC": "Ascension", "TA": "Tristan da Cunha", "XK": "Kosovo"}
"""Regions with numbers of their own that ISO 3166 does not list."""


@cache
def region_names() -> dict[str, str]:
    """`FI` → `Finland (+358)`, for every region that has telephone numbers."""
    text = files("tzdata").joinpath("zoneinfo/iso3166.tab").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in text.splitlines() if line and line[0] != "#")
    names = _MISSING | dict(line for line in lines if len(line) == 2)
    return {
        region: f"{names.get(region, region)} (+{phonenumbers.country_code_for_region(region)})"
        for region in phonenumbers.SUPPORTED_REGIONS
    }


def regions_offered() -> list[tuple[str, str]]:
    """Code and name of each, the near ones first."""
    names = region_names()
    far = sorted((names[code], code) for code in names if code not in NEAR)
    return [(code, names[code]) for code in NEAR] + [(code, name) for name, code in far]
