"""A ledger for each test."""

import uuid

import pytest

from tests.database.ledger.ledgers import Ledger, make_ledger
from tests.installations import Installation

LENGTH = 9
"""Of the chain that `events` makes."""


@pytest.fixture
def ledger(installation: Installation) -> Ledger:
    return make_ledger(installation)


@pytest.fixture
def events(ledger: Ledger) -> list[uuid.UUID]:
    """A chain that is signed and anchored at 3, 6 and 9."""
    made = []
    for _ in range(3):
        made += ledger.record(3)
        ledger.sequence()
    assert ledger.verify().intact
    return made
