"""A person whose data is in every room of a tenant."""

import pytest

from tests.database.subjects.people import Rights, fill_every_room
from tests.tenancies import House


@pytest.fixture
def rights(house: House) -> Rights:
    """Alice's tenant, and whoever asks it."""
    made = Rights(house, house.alice)
    fill_every_room(house.alice)
    return made
