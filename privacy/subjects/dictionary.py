"""What each field of an export means: as the profiles declare it, and of our own registers."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from privacy.notices.languages import speech
from privacy.profiles import load_profiles
from privacy.subjects.languages import words_of

UNEXPLAINED: Final = "As its name says"


def meanings(names: Iterable[str]) -> dict[str, str]:
    """Of these fields, in order, in English, as data and programs are."""
    return {name: meaning(name) or UNEXPLAINED for name in names}


def meaning(name: str, language: str = "en") -> str:
    """Of one field; empty where nobody said."""
    own = words_of(language)["fields"].get(name)
    return own or speech(language).translate(_declared().get(name, ""))


@cache
def _declared() -> Mapping[str, str]:
    return {
        field.name: field.meaning
        for one in load_profiles().values()
        for kind in one.data
        for field in kind.fields
    }
