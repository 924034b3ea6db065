"""Columns that are not sealed, as JSON and back, by their own types."""

import uuid
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import ARRAY

from connector.exports.values import NotPortable


def shown(value: Any) -> Any:
    """A cell as JSON: moments in UTC, numbers with cents as text, bytes in Base64."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, uuid.UUID | Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return b64encode(value).decode()
    if isinstance(value, list):
        return [shown(one) for one in value]
    return value


def read(column: Column[Any], value: Any) -> Any:
    """What `shown` was given. Raises NotPortable: it is not of the column's type."""
    if value is None:
        if not column.nullable:
            raise NotPortable
        return None
    kind = column.type
    if isinstance(kind, ARRAY):
        return [_cell(kind.item_type.python_type, one) for one in _listed(value)]
    if kind.__class__.__name__ == "JSONB":
        return value
    return _cell(kind.python_type, value)


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise NotPortable
    return value


def _cell(kind: type[Any], value: Any) -> Any:
    try:
        if kind in _READERS:
            return _READERS[kind](value)
    except (ValueError, TypeError, ArithmeticError, AttributeError):
        raise NotPortable from None
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise NotPortable
    return value


_READERS: Final[Mapping[type[Any], Callable[[Any], Any]]] = {
    uuid.UUID: uuid.UUID,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    Decimal: Decimal,
    bytes: lambda text: b64decode(text, validate=True),
}
