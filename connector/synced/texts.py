"""All texts of a record, wherever they stand in it."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import msgspec


def texts_of(value: Any) -> Iterator[str]:
    """Each text and whole number in a record, a document or a part of one."""
    match value:
        case str():
            yield value
        case int():
            yield str(value)
        case _:
            for part in _parts(value):
                yield from texts_of(part)


def _parts(value: Any) -> Iterable[Any]:
    match value:
        case msgspec.Struct():
            return (getattr(value, name) for name in value.__struct_fields__)
        case dict():
            return chain(value, value.values())
        case list() | tuple():
            return value
        case _:
            return ()
