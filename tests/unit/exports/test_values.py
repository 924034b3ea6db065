"""Values leave as JSON and come back as the very bytes."""

import json
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.exports import cells
from connector.exports.tables import table_of, taken_tables, written_columns
from connector.exports.values import NotPortable, meant, told
from migrations.metadata import metadata

_plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.binary(max_size=20)
    | st.datetimes(timezones=st.just(UTC)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab$c", max_size=3), inner),
    max_leaves=12,
)


@settings(max_examples=60)
@given(
    _plain.map(msgspec.msgpack.encode)
    | st.binary(max_size=60)
    | st.text("äb", max_size=9).map(str.encode)
)
def test_every_value_comes_back(plain: bytes) -> None:
    over_the_wire = json.loads(msgspec.json.encode(told(plain)))
    assert meant(over_the_wire) == plain


def test_what_can_be_read_is_readable() -> None:
    kept = ["c-1", {"name": "Robin", "phones": ["+12025550143"]}, []]
    assert told(msgspec.msgpack.encode(kept)) == {"data": kept}
    assert told("Käännä".encode()) == {"text": "Käännä"}
    assert told(b"\xff\x00") == {"base64": "/wA="}
    at = datetime(2026, 11, 22, 12, 0, 0, 5, tzinfo=UTC)
    assert told(msgspec.msgpack.encode([at])) == {"data": [{"$at": at.isoformat()}]}


@pytest.mark.parametrize(
    "value",
    [None, 7, "x", {}, {"data": 1, "text": "x"}, {"base64": "!"}, {"text": 5}, {"hex": "0"},
     {"data": {"$at": "yesterday"}}, {"data": {"$base64": 7}}],
)  # fmt: skip
def test_anything_else_is_refused(value: object) -> None:
    with pytest.raises(NotPortable):
        meant(value)


def test_cells_of_every_type_come_back() -> None:
    assert metadata.tables
    seen = {
        type(column.type).__name__
        for table, _ in taken_tables()
        for column in written_columns(table)
    }
    assert seen >= {"UUID", "Text", "DateTime", "Date", "ARRAY", "JSONB", "Integer", "Boolean"}
    column = table_of("breaches").c["discovered_at"]
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert cells.read(column, cells.shown(at)) == at
    for wrong in ("soon", 7, None, True):
        with pytest.raises(NotPortable):
            cells.read(column, wrong)
