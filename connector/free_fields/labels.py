"""What a field is called, by language."""

from collections.abc import Mapping
from typing import Final

from privacy.notices.languages import LANGUAGES

LONGEST_LABEL: Final = 80


def check_labels(labels: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with which of them, by `label_<language>`."""
    wrong = {
        f"label_{language}": f"Use up to {LONGEST_LABEL} characters."
        for language, label in labels.items()
        if len(label.strip()) > LONGEST_LABEL
    }
    strange = set(labels) - set(LANGUAGES)
    return wrong | ({"labels": f"Use {', '.join(LANGUAGES)}."} if strange else {})


def tidy_labels(labels: Mapping[str, str]) -> dict[str, str]:
    """Without those that are empty."""
    return {language: label.strip() for language, label in labels.items() if label.strip()}
