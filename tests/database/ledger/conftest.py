"""A ledger for each test."""

import pytest

from tests.database.ledger.ledgers import Ledger, make_ledger
from tests.installations import Installation


@pytest.fixture
def ledger(installation: Installation) -> Ledger:
    return make_ledger(installation)
