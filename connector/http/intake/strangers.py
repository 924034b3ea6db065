"""Whoever tries addresses that are not there: told nothing, and not for long."""

from typing import NoReturn

from flask import request

from connector.http.rates.counters import MemoryCounter
from connector.http.rates.policies import UNKNOWN_SECRET, count
from privacy.core.errors import NotFound
from privacy.core.logs import get_log
from tenants.limits.keys import network_of

_log = get_log("web")
# An address is personal data, so it is counted in this process's memory and nowhere else.
_tries = MemoryCounter()


def turn_away() -> NoReturn:
    """Raise NotFound, the same for every reason; TooManyRequests after some tries a minute."""
    note_strangers()
    raise NotFound


def note_strangers() -> None:
    """Count a try. Raises TooManyRequests after some a minute."""
    standing = count(_tries, UNKNOWN_SECRET, network_of(request.remote_addr or ""))
    if standing.counted.count == UNKNOWN_SECRET.quota:
        _log.warning("unknown_secrets", signal="guessing", count=standing.counted.count)
    standing.refuse_excess()
