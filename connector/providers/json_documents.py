"""JSON as exchanges write it: bare `nan`, a byte order mark, any type where text is meant.

Values become text as it was sent, so no number is rounded and none is too large.
"""

import json
import re
from typing import Any, Final

from connector.calls.rejections import RejectionCode
from connector.providers.base import MappingError

MAX_DEPTH: Final = 32
_UNSAID = re.compile(r"[_\-\s]")
_NOT_A_NUMBER = re.compile(
    r'("(?:[^"\\]|\\.)*+"?)|[-+]?\b(?:nan|inf|infinity)\b', re.IGNORECASE | re.DOTALL
)


def read_json(text: str) -> Any:
    """The document; numbers as text, NaN and infinity as None. Raises MappingError."""
    try:
        return _load(text)
    except ValueError:
        return _read_repaired(text)
    except RecursionError:
        raise MappingError(RejectionCode.FORBIDDEN_MARKUP) from None


def _read_repaired(text: str) -> Any:
    """Once more, with a bare `nan` outside of strings as null (mod_json_cdr writes it)."""
    try:
        return _load(_NOT_A_NUMBER.sub(lambda found: found[1] or "null", text))
    except (ValueError, RecursionError):
        raise MappingError(RejectionCode.INVALID_JSON) from None


def _load(text: str) -> Any:
    return json.loads(text, parse_int=str, parse_float=str, parse_constant=lambda _: None)


def read_json_lines(text: str) -> list[Any]:
    """One document, or several, one on each line. Raises MappingError."""
    try:
        return [read_json(text)]
    except MappingError:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2:
            raise
        return [read_json(line) for line in lines]


def flatten(document: Any, *, fold: bool = False, items: int = 0) -> dict[str, str]:
    """All scalars by dotted path; with `fold`, names are lower case without `_` and `-`.

    Of a list the first `items` are named by their place; else lists are left out.

    Raises MappingError for what is nested deeper than any call record is.
    """
    table: dict[str, str] = {}
    _gather(table, document, "", 0, fold, items)
    return table


def _gather(
    table: dict[str, str], node: Any, path: str, depth: int, fold: bool, items: int
) -> None:
    """Text is taken up without a call of its own: a report has hundreds of fields."""
    if items and isinstance(node, list):
        node = {str(place): item for place, item in enumerate(node[:items])}
    if isinstance(node, bool):
        table[path] = str(node).lower()
    elif isinstance(node, str):
        table[path] = node
    elif isinstance(node, dict) and node:
        if depth == MAX_DEPTH:
            raise MappingError(RejectionCode.FORBIDDEN_MARKUP)
        before = f"{path}." if path else ""
        for name, value in node.items():
            here = before + (fold_path(name) if fold else name)
            if type(value) is str:
                table[here] = value
            else:
                _gather(table, value, here, depth + 1, fold, items)


def fold_path(path: str) -> str:
    """A dotted path, or one name of it, in lower case and without `_`, `-` and spaces."""
    return _UNSAID.sub("", path).lower()
