"""JSON as Microsoft writes it: perhaps with a byte order mark, numbers perhaps as texts.

Money never passes through a binary fraction. What a profile does not declare is left out before
anything else happens with a document (promise A12).
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Context, Decimal, InvalidOperation
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from connector.providers.microsoft.failures import UnreadableJson
from connector.providers.moments import from_civil

Declared = Mapping[str, "Declared | None"]
"""Names that are kept; of objects and of lists of objects, the names in them."""

MARK: Final = b"\xef\xbb\xbf"
_DOUBLE: Final = Context(prec=15, traps=[])
"""Microsoft's numbers are doubles, whose 16th and 17th digits say nothing (IEEE 754): a sum comes
as 280.96000000000004. Nonsense, `1e999999999` too, is no number here, and no error: one such
amount must not end the reading of all the others."""
_UTC: Final = ZoneInfo("UTC")
_LONGEST: Final = 400
_decoder: Final = msgspec.json.Decoder(float_hook=Decimal)
_encoder: Final = msgspec.json.Encoder()


def read_json(body: bytes, *, where: str) -> Any:
    """The document. Raises UnreadableJson."""
    try:
        return _decoder.decode(body.removeprefix(MARK))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, InvalidOperation):
        raise UnreadableJson(log=f"{where}, no JSON") from None


def read_object(body: bytes, *, where: str) -> dict[str, Any]:
    """The same where an object is expected."""
    found = read_json(body, where=where)
    if not isinstance(found, dict):
        raise UnreadableJson(log=f"{where}, no object")
    return found


def objects_in(document: Mapping[str, Any], name: str, *, where: str) -> list[dict[str, Any]]:
    """A list of objects; null is an empty one. Raises UnreadableJson where there is no list."""
    found = document.get(name)
    if found is None and name in document:
        return []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise UnreadableJson(log=f"{where}, no list of {name}")
    return found


def pick(document: Mapping[str, Any], declared: Declared) -> dict[str, Any]:
    """What is declared, and nothing else. Nulls and empty texts are left out."""
    found = {}
    for name, inside in declared.items():
        value = document.get(name)
        if inside is not None:
            value = _inside(value, inside)
        elif not isinstance(value, str | int | Decimal):
            continue
        if value not in (None, "", {}, []):
            found[name] = value
    return found


def _inside(value: Any, declared: Declared) -> Any:
    if isinstance(value, list):
        return [pick(each, declared) for each in value if isinstance(each, dict)]
    return pick(value, declared) if isinstance(value, dict) else None


def pack(document: Mapping[str, Any]) -> bytes:
    """A picked document as it is kept."""
    return _encoder.encode(document)


def unpack(document: bytes) -> dict[str, Any]:
    """A kept document. Raises UnreadableJson."""
    return read_object(document, where="a kept document")


class Values:
    """Reads values that may be missing, empty, of another type or nonsense: those are none."""

    def __init__(self, document: Any) -> None:
        self._document = document if isinstance(document, dict) else {}

    def at(self, *path: str) -> "Values":
        """The same, further down."""
        found: Any = self._document
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        return Values(found)

    def each(self, name: str) -> "Iterator[Values]":
        """Objects of a list."""
        found = self._document.get(name)
        if isinstance(found, list):
            yield from (Values(each) for each in found)

    def string(self, name: str) -> str:
        """Empty for none. Longer than any name is: cut."""
        found = self._document.get(name)
        if isinstance(found, bool) or not isinstance(found, str | int | Decimal):
            return ""
        return str(found).replace("\x00", "").strip()[:_LONGEST]

    def decimal(self, name: str) -> Decimal | None:
        """An amount or a quantity, from a number or its text: at most 15 digits are meant."""
        found = _DOUBLE.create_decimal(self.string(name))
        return found if found.is_finite() and abs(found.adjusted()) < 25 else None

    def whole(self, name: str) -> int | None:
        """A whole number."""
        found = self.decimal(name)
        return int(found) if found is not None and found == found.to_integral_value() else None

    def flag(self, name: str) -> bool | None:
        """Yes or no, as such or as text."""
        found = self._document.get(name)
        if isinstance(found, bool):
            return found
        return {"true": True, "false": False}.get(str(found).lower())

    def moment(self, name: str) -> datetime | None:
        """ISO 8601 with up to nine fractional digits; UTC where no zone is written. The years 1
        and 9999 mean never."""
        found = from_civil(self.string(name), _UTC)
        return found if found is not None and 1900 < found.year < 9000 else None

    def day(self, name: str) -> date | None:
        """The UTC day of a moment, or a day alone."""
        moment = self.moment(name)
        if moment is not None:
            return moment.date()
        try:
            found = date.fromisoformat(self.string(name))
        except ValueError:
            return None
        return found if 1900 < found.year < 9000 else None
