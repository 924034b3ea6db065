"""A clock that is moved on, for what is tried again over days."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from privacy.core import clock

Shift = Callable[[timedelta], None]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Shift:
    """Moves the installation's clock on."""

    def shift(by: timedelta) -> None:
        monkeypatch.setattr("privacy.core.clock._offset", clock.offset() + by)

    return shift
