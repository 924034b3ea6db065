"""What a field is called, by language."""

from collections.abc import Mapping
from typing import Final

from privacy.core.writings import is_line
from privacy.notices.languages import LANGUAGES

LONGEST_LABEL: Final = 80
STRANGE: Final = f"Use {', '.join(LANGUAGES)}."


def check_label(label: str) -> dict[str, str]:
    """What is wrong with a field's one name, which it always has."""
    if label.strip() and is_line(label.strip(), longest=LONGEST_LABEL):
        return {}
    return {"label": f"Give it a name of up to {LONGEST_LABEL} characters, all of them visible."}


def check_labels(labels: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with which of them, by `label_<language>`."""
    wrong = {
        f"label_{language}": f"Use up to {LONGEST_LABEL} visible characters."
        for language, label in labels.items()
        if not is_line(label.strip(), longest=LONGEST_LABEL)
    }
    strange = set(labels) - set(LANGUAGES)
    return wrong | ({"labels": STRANGE} if strange else {})


def tidy_labels(labels: Mapping[str, str]) -> dict[str, str]:
    """Without those that are empty."""
    return {language: label.strip() for language, label in labels.items() if label.strip()}
