"""Keys for unit tests."""

import os
from datetime import date, timedelta

from privacy.core import clock
from privacy.vault.keys import DayKey
from privacy.vault.leases import SealLease


def endless() -> SealLease:
    return SealLease(lambda _: None)


def day_key(*, age: int = 0, keep_days: int = 30, secret: bytes | None = None) -> DayKey:
    day = today() - timedelta(days=age)
    return DayKey(os.urandom(8), secret or os.urandom(32), day, keep_days, endless())


def today() -> date:
    return clock.now().date()
