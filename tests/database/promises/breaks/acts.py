"""Ways to break a promise on purpose."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from privacy.core.db.tenancy import INSTALLATION_ID
from tests.database.promises.trials import Trial

Act = Callable[[Trial, pytest.MonkeyPatch], object]


@dataclass(frozen=True)
class Break:
    """Made first; then broken. `empty`: before it, there is nothing to look at."""

    act: Act
    make: Act = field(default=lambda _, __: None)
    empty: bool = False
    of_house: bool = False


def sql(*statements: str) -> Act:
    """Break by SQL, as whoever gets past the service would."""
    return lambda trial, _: trial.do(*statements)


def row(table: str, *changes: str) -> Act:
    """A made-up row."""
    return lambda trial, _: trial.row(table, *changes)


def of_house(table: str, *changes: str) -> Act:
    """A made-up row of the installation's own."""
    return lambda trial, _: trial.row(table, *changes, tenant=INSTALLATION_ID)


DAYS = "now() - interval '40 days'"
