"""What the pages of the centre say around the notice, in four languages."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from privacy.notices.languages import LANGUAGES

NAMES: Final = {"en": "English", "fi": "Suomi", "sv": "Svenska", "de": "Deutsch"}
"""Each language by its own name."""

_COMPLAINTS: Final = {
    "name": "wrong_required",
    "email": "wrong_email",
    "telephone": "wrong_telephone",
    "number": "wrong_telephone",
    "chosen": "wrong_choose",
    "objections": "wrong_choose",
    "kind": "wrong_choose",
    "service": "wrong_choose",
    "wish": "wrong_wish",
    "wish_card": "wrong_card",
    "contact": "wrong_contact",
    "code": "wrong_required",
}


@cache
def words_of(language: str) -> Mapping[str, str]:
    """Everything in one language; English for one that is not spoken here."""
    known = language if language in LANGUAGES else "en"
    source = files(__package__).joinpath("words", f"{known}.toml")
    return MappingProxyType(tomllib.loads(source.read_text(encoding="utf-8")))


def complaint(words: Mapping[str, str], field: str) -> str:
    """What is wrong with a field."""
    return words[_COMPLAINTS.get(field, "correct")]
