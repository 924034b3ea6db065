"""What a refused field is told: the bound that it broke, in our words."""

from typing import Annotated

import msgspec
import pytest
from msgspec import Meta

from connector.http.api.inputs import decode, explain
from privacy.core.errors import Invalid


class Asked(msgspec.Struct, forbid_unknown_fields=True):
    """Bounds of every kind that the API has."""

    limit: Annotated[int, Meta(ge=1, le=500)] = 1
    number: Annotated[str, Meta(min_length=1, max_length=40)] = "1"
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")] = "FI"
    ids: Annotated[list[int], Meta(min_length=1, max_length=1)] = []


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"limit": -1}, {"/limit": "This must be at least 1."}),
        ({"limit": 99999}, {"/limit": "This must be at most 500."}),
        ({"limit": "x"}, {"/limit": "Expected int, got str."}),
        ({"number": ""}, {"/number": "This must not be empty."}),
        ({"number": "1" * 41}, {"/number": "This must have at most 40 characters."}),
        ({"country": "fi"}, {"/country": "This is not written as the API wants it."}),
        ({"ids": []}, {"/ids": "This must not be empty."}),
        ({"ids": [1, 2]}, {"/ids": "This must have at most 1 item."}),
    ],
)
def test_the_reason_is_the_bound_that_was_broken(
    sent: dict[str, object], told: dict[str, str]
) -> None:
    with pytest.raises(msgspec.ValidationError) as refused:
        msgspec.convert(sent, type=Asked)
    assert explain(refused.value) == told


def test_a_field_that_is_not_known_is_not_repeated_but_those_that_are() -> None:
    with pytest.raises(Invalid) as refused:
        decode(Asked, b'{"robin@example.com": 1}')
    told = "There is a field here that is not in the API. Leave it out. Known are: "
    assert refused.value.details["fields"] == {"": f"{told}limit, number, country, ids."}
