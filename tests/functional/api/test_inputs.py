"""Bodies and queries are read strictly, and errors never repeat what was sent."""

from typing import Annotated

import msgspec
import pytest
from flask import Flask
from msgspec import Meta

from connector.http.api.inputs import DuplicateName, MalformedJson, decode, read_json, read_query
from privacy.core.errors import Invalid, SiltaError, TooLarge, UnsupportedMedia

SECRET = "+12025550143"


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    number: Annotated[str, Meta(max_length=12)]


class Thing(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    name: str
    size: Annotated[int, Meta(ge=1, le=9)] = 1
    inner: Inner | None = None
    list_of: list[Inner] = []


@pytest.mark.attack(55)
@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", MalformedJson),
        (b"{", MalformedJson),
        (b'{"name":"a",}', MalformedJson),
        (b'{"name":NaN}', MalformedJson),
        (b'{"name":"a","size":Infinity}', MalformedJson),
        (b'{"name":"a","size":' + b"1" * 5000 + b"}", MalformedJson),
        (b'{"name":"\xff"}', MalformedJson),
        (b'{"name":"\\ud800"}', MalformedJson),
        ('{"name":"a"}'.encode("utf-16"), MalformedJson),
        (b"[" * 100_000, MalformedJson),
        (b'{"a":' * 100_000, MalformedJson),
        (b'{"name":"a","name":"b"}', DuplicateName),
        (b'{"name":"a","inner":{"number":"1","number":"2"}}', DuplicateName),
        (b'{"name":"a","size":1e400}', SiltaError),
        (b'{"name":"a","size":123456789012345678901234567890}', Invalid),
        (b"null", Invalid),
        (b"[]", Invalid),
    ],
)
def test_what_is_not_strict_json_is_refused(body: bytes, error: type[SiltaError]) -> None:
    with pytest.raises(error):
        decode(Thing, body)


@pytest.mark.attack(43)
@pytest.mark.parametrize("extra", ["tenant_id", "role", "is_admin", "__class__", "id"])
def test_unknown_fields_are_refused_at_every_depth(extra: str) -> None:
    for body in (
        {"name": "a", extra: "x"},
        {"name": "a", "inner": {"number": "1", extra: "x"}},
        {"name": "a", "list_of": [{"number": "1"}, {"number": "1", extra: "x"}]},
    ):
        with pytest.raises(Invalid):
            decode(Thing, msgspec.json.encode(body))


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"size": 3}, "/name"),
        ({"name": "a", "size": 10}, "/size"),
        ({"name": "a", "size": SECRET}, "/size"),
        ({"name": "a", "inner": {"number": SECRET + SECRET}}, "/inner/number"),
        ({"name": "a", "list_of": [{}]}, "/list_of/0/number"),
    ],
)
def test_an_error_names_the_field_and_not_what_was_in_it(
    body: dict[str, object], pointer: str
) -> None:
    with pytest.raises(Invalid) as caught:
        decode(Thing, msgspec.json.encode(body))
    fields = caught.value.details["fields"]
    assert isinstance(fields, dict)
    place, text = next(iter(fields.items()))
    assert place.replace("...", "0") == pointer
    assert SECRET not in text
    assert text.endswith(".")


@pytest.fixture
def app() -> Flask:
    return Flask("inputs")


def test_media_type_comes_before_content(app: Flask) -> None:
    with (
        app.test_request_context(method="POST", data=b"{", content_type="text/plain"),
        pytest.raises(UnsupportedMedia),
    ):
        read_json(Thing)


def test_size_comes_before_content(app: Flask) -> None:
    data = b'{"name":"' + b"a" * 100 + b'"}'
    with (
        app.test_request_context(method="POST", data=data, content_type="application/json"),
        pytest.raises(TooLarge),
    ):
        read_json(Thing, limit=50)


@pytest.mark.parametrize("query", ["size=0", "size=x", "size=2&size=3", "other=1", "name=a&x[]=1"])
def test_queries_are_as_strict(app: Flask, query: str) -> None:
    class Query(msgspec.Struct, forbid_unknown_fields=True):
        size: Annotated[int, Meta(ge=1)] = 1

    with app.test_request_context(query_string=query), pytest.raises(Invalid):
        read_query(Query)
