"""What an event says: ids, counts, moments and words from closed lists, nothing personal."""

import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

Fact = str | int | bool | date | datetime | uuid.UUID | Sequence[uuid.UUID] | None
Facts = Mapping[str, Fact]

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]{0,79}")


def checked_facts(facts: Facts) -> dict[str, Any]:
    """The same as JSON has it.

    Raises:
        ValueError: a name or a value that is none of these; its text is not repeated.
    """
    for name in facts:
        if not _KEY.fullmatch(name):
            raise ValueError("a fact's name is a short word in small letters")
    return {name: _plain(name, value) for name, value in facts.items()}


def _plain(name: str, value: Fact) -> Any:
    match value:
        case None | bool() | int():
            return value
        case uuid.UUID():
            return str(value)
        case datetime():
            return moment_text(value)
        case date():
            return value.isoformat()
        case str():
            if not _WORD.fullmatch(value):
                raise ValueError(f"{name}: an event says words from closed lists, no text")
            return value
        case _:
            return [_id(name, one) for one in value]


def _id(name: str, value: object) -> str:
    if not isinstance(value, uuid.UUID):
        raise ValueError(f"{name}: a list in an event holds ids")
    return str(value)


def moment_text(moment: datetime) -> str:
    """RFC 3339 in UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
