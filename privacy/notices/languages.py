"""The four languages: words of ours from TOML, dates, durations and countries from CLDR (Babel)."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.units import format_unit

from privacy.profiles.data import DataField, DataKind

LANGUAGES: Final = ("en", "fi", "sv", "de")
_LOCALES: Final = {"en": "en_GB", "fi": "fi_FI", "sv": "sv_SE", "de": "de_DE"}
_YEAR: Final = 365
_CALENDAR_DAYS: Final = {"sv": ("dag", "dagar")}
"""CLDR says `dygn` in Swedish, which is 24 hours from any moment: a day is a calendar day here."""


@dataclass(frozen=True)
class Speech:
    """Everything that is said in one language."""

    language: str
    words: Mapping[str, Mapping[str, str]]
    locale: Locale

    def say(self, section: str, key: str, **values: object) -> str:
        """A sentence of ours, filled in. Raises KeyError for one that is not there."""
        return self.words[section][key].format(**values)

    def says(self, section: str, keys: Iterable[str]) -> str:
        """Words of a closed list, joined as the language joins them."""
        return self.join(self.words[section][key] for key in keys)

    def translate(self, english: str) -> str:
        """A text of the profile; English is what it is written in."""
        return self.words.get("texts", {}).get(english, english)

    def kind(self, kind: DataKind) -> str:
        """What a kind of data is called."""
        return kind.said.get(self.language) or self.translate(kind.name)

    def field(self, field: DataField) -> str:
        """What a datum means."""
        return field.said.get(self.language) or self.translate(field.meaning)

    def knows(self, english: str) -> bool:
        """Whether a text of the profile can be said in this language."""
        return self.language == "en" or english in self.words.get("texts", {})

    def join(self, parts: Iterable[str]) -> str:
        """`a, b and c`."""
        return format_list(list(parts), locale=self.locale)

    def day(self, day: date) -> str:
        """`22 November 2026`."""
        return format_date(day, format="long", locale=self.locale)

    def days(self, days: int) -> str:
        """`30 days`; whole years as years."""
        years, rest = divmod(days, _YEAR)
        if years and not rest:
            return format_unit(years, "duration-year", length="long", locale=self.locale)
        if self.language in _CALENDAR_DAYS:
            one, many = _CALENDAR_DAYS[self.language]
            return f"{days} {one if days == 1 else many}"
        return format_unit(days, "duration-day", length="long", locale=self.locale)

    def hours(self, hours: int) -> str:
        """`72 hours`."""
        return format_unit(hours, "hour", length="long", locale=self.locale)

    def country(self, code: str) -> str:
        """`Finland`; the code itself where CLDR knows none."""
        return str(self.locale.territories.get(code, code))


@cache
def speech(language: str) -> Speech:
    """A language that is spoken here; English for any other."""
    known = language if language in LANGUAGES else "en"
    source = files(__package__).joinpath("words", f"{known}.toml")
    return Speech(
        known, tomllib.loads(source.read_text(encoding="utf-8")), Locale.parse(_LOCALES[known])
    )
