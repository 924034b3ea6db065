"""A house with its faces for programs."""

import pytest

from tests.functional.api.programs import Programs
from tests.tenancies import House


@pytest.fixture
def programs(house: House) -> Programs:
    """The API and the exchanges' addresses, over a database of this test's own."""
    return Programs(house)
