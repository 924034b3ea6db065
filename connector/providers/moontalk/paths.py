"""Paths into a call's document, as people write them and as they are looked up."""

import re
from collections.abc import Mapping
from typing import Any, Final

from connector.providers.base import MappingError
from connector.providers.json_documents import flatten, fold_path

PATH: Final = r"^[^\s\x00-\x1f][^\x00-\x1f]*$"
MOST_ITEMS: Final = 50
"""Items of a list within one call that can be named; what comes after is not looked at."""
_PLACE = re.compile(r"\[(\d{1,3})\]", re.ASCII)


def path_of(written: str) -> str:
    """`Parties[0].Phone_Number` and `parties.0.phoneNumber` are the same path."""
    return fold_path(_PLACE.sub(r".\1", written)).strip(".")


def values_in(call: Mapping[str, Any]) -> dict[str, str]:
    """Every value of a call, as text by its folded path. Raises MappingError: nested too deep."""
    return flatten(call, fold=True, items=MOST_ITEMS)


def written_paths(call: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every path of a call as its sender spells it, beside its value; for people to choose from."""
    try:
        return list(flatten(call, items=MOST_ITEMS).items())
    except MappingError:
        return []
