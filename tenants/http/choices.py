"""Choices of a select or a group of radio buttons."""

from collections.abc import Iterable

from wtforms import SelectChoice


def choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Value and label of each."""
    return [SelectChoice(value, label) for value, label in pairs]
