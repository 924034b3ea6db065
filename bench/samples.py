"""Calls that never happened, in bulk. Numbers are +1 NPA 555 01xx, which nobody has."""

import random
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from privacy.core import clock

BATCH: Final = 1_000
CALLERS: Final = 60_000
_COMPANIES: Final = 2_000
_PEOPLE: Final = 5_000
_USERS: Final = 40


class Samples:
    """A repeatable source of records, each a new call.

    Callers are spread over 60,000 numbers (or fewer), called ones over 200, a company's own.
    """

    def __init__(self, seed: int = 1, *, callers: int = CALLERS) -> None:
        self._random, self._callers = random.Random(seed), callers

    def body(self, *, count: int = BATCH, day: int = 0) -> bytes:
        """A JSON array of `count` calls, all of the day `day` days ago."""
        return msgspec.json.encode(self.records(count=count, day=day))

    def records(self, *, count: int = BATCH, day: int = 0) -> list[dict[str, object]]:
        """What a sender puts into JSON."""
        noon = _noon(day)
        return [self._record(noon) for _ in range(count)]

    def spread(self, *, count: int = BATCH, days: int) -> bytes:
        """A JSON array of `count` calls, of one day after the other and around again."""
        noons = [_noon(day) for day in range(days)]
        return msgspec.json.encode([self._record(noons[n % days]) for n in range(count)])

    def _record(self, noon: datetime) -> dict[str, object]:
        chance = self._random
        # Random seconds on both sides of noon: every quarter of the day, never another day.
        start = noon + timedelta(seconds=chance.randrange(-43_000, 43_000))
        talked = chance.randrange(5, 900)
        inbound = chance.random() < 0.7
        outside, own = number(chance.randrange(self._callers)), own_number(chance)
        return {
            "source_id": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
            "direction": "inbound" if inbound else "outbound",
            "caller": outside if inbound else own,
            "called": own if inbound else outside,
            "user_id": f"user-{chance.randrange(_USERS)}",
            "contact_person": f"Person Number {chance.randrange(_PEOPLE)}",
            "company": f"Example Company {chance.randrange(_COMPANIES)} Ltd",
            "started_at": _text(start),
            "answered_at": _text(start + timedelta(seconds=4)),
            "ended_at": _text(start + timedelta(seconds=4 + talked)),
        }


def number(index: int) -> str:
    """One of 79,000 numbers kept for fiction."""
    return f"+1{201 + index // 100:03}55501{index % 100:02}"


def own_number(chance: random.Random) -> str:
    """One of the 200 numbers that a company is called at."""
    return number(70_000 + chance.randrange(200))


def _noon(day: int) -> datetime:
    today = clock.now().replace(hour=12, minute=0, second=0, microsecond=0)
    # What starts later than a day ahead would be refused; yesterday's noon is always behind us.
    return today - timedelta(days=day + 1)


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Feed:
    """Bodies in blocks, made before the clock runs; several may walk through the same ones."""

    def __init__(self, bodies: Sequence[bytes], *, at_once: int) -> None:
        self._bodies, self._at_once, self._at = bodies, at_once, 0

    def take(self) -> Sequence[bytes]:
        """The next block."""
        block = self._bodies[self._at : self._at + self._at_once]
        self._at += self._at_once
        return block
