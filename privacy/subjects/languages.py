"""What exports and answers call things, in the person's language.

Purposes, bases, transfers and what a profile says are in the words of notices; these are ours.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from privacy.notices.languages import LANGUAGES

Words = Mapping[str, Mapping[str, str]]


@cache
def words_of(language: str) -> Words:
    """All sections in one language; English for one that is not spoken here."""
    known = language if language in LANGUAGES else "en"
    source = files(__package__).joinpath("words", f"{known}.toml")
    return MappingProxyType(tomllib.loads(source.read_text(encoding="utf-8")))


def title_of(language: str, holder: str) -> str:
    """A holder within a sentence: nouns are written with a capital in German alone."""
    title = words_of(language)["holders"].get(holder, holder)
    return title if language == "de" else title.lower()
