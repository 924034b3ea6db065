"""A house with its faces for programs."""

from typing import Any

import pytest

from tests.functional.api.exchanges import Stored
from tests.functional.api.programs import Programs
from tests.tenancies import House


@pytest.fixture
def programs(house: House) -> Programs:
    """The API and the exchanges' addresses, over a database of this test's own."""
    return Programs(house)


@pytest.fixture
def stored(programs: Programs, house: House) -> Stored:
    """Every call of Alice's, as the API shows it."""
    key = programs.key(house.alice)

    def read() -> list[dict[str, Any]]:
        found = programs.client.post("/api/v1/calls/search", json={}, headers=key).json
        assert found is not None
        calls: list[dict[str, Any]] = found["calls"]
        return calls

    return read
