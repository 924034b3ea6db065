"""The words of a choice: one that is kept, and how it is said by language."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from connector.free_fields.labels import STRANGE
from privacy.core.writings import is_line
from privacy.notices.languages import LANGUAGES

LONGEST_WORD: Final = 80
MOST_CHOICES: Final = 50
Worded = Mapping[str, Mapping[str, str]]
"""By language and by the word that is kept, the word that is shown."""
_WORDS: Final = f"Enter up to {MOST_CHOICES} words of up to {LONGEST_WORD} visible characters."
_TWICE: Final = "Two of the words would look alike."


def tidy_word(word: str) -> str:
    """As what is entered is compared: a choice in another form could never be chosen."""
    return " ".join(unicodedata.normalize("NFC", word).split())


def check_choices(choices: Sequence[str]) -> str:
    """What is wrong with the words that are kept; empty where nothing is."""
    tidy = [tidy_word(word) for word in choices]
    if len(tidy) > MOST_CHOICES or not all(map(_usable, tidy)):
        return _WORDS
    return _TWICE if len(set(tidy)) < len(tidy) else ""


def check_words(choices: Sequence[str], words: Worded) -> dict[str, str]:
    """What is wrong with which language's words, by `words_<language>`."""
    found = {
        f"words_{language}": _complaint(choices, said)
        for language, said in words.items()
        if language in LANGUAGES
    }
    wrong = {name: complaint for name, complaint in found.items() if complaint}
    return wrong | ({"words": STRANGE} if set(words) - set(LANGUAGES) else {})


def tidy_words(words: Worded) -> dict[str, dict[str, str]]:
    """Without those that are empty, and without languages that have none."""
    tidy = {language: _tidy(said) for language, said in words.items()}
    return {language: said for language, said in tidy.items() if said}


def offered_words(choices: Iterable[str], words: Worded, language: str) -> tuple[str, ...]:
    """What a reader of the language sees of each choice, in their order."""
    said = words.get(language, {})
    return tuple(said.get(choice) or choice for choice in choices)


def _tidy(said: Mapping[str, str]) -> dict[str, str]:
    return {tidy_word(word): tidy_word(shown) for word, shown in said.items() if tidy_word(shown)}


def _complaint(choices: Sequence[str], said: Mapping[str, str]) -> str:
    kept, tidy = [tidy_word(word) for word in choices], _tidy(said)
    if set(tidy) - set(kept):
        return "There are words for something that cannot be chosen."
    if not all(map(_usable, tidy.values())):
        return _WORDS
    shown = offered_words(kept, {"": tidy}, "")
    return _TWICE if len(set(shown)) < len(shown) else ""


def _usable(word: str) -> bool:
    return bool(word) and is_line(word, longest=LONGEST_WORD)
