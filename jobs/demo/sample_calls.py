"""Calls that never happened, between numbers that no country gives to anybody.

Reserved for fiction: +1 202 555 01xx, +44 20 7946 0xxx, +46 31 3900 6xx, +49 30 23125 xxx.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, Literal

from connector.calls.shapes import IncomingCall

_DICE: Final = random.SystemRandom()
_OWN: Final = tuple(f"+44207946{n:04d}" for n in range(100, 106))
_COMPANIES: Final = (
    ("Example Bakery", "Front desk"),
    ("Example Shipyard", "Purchasing"),
    ("Example Forestry", "Accounts"),
    ("Example Dairy", "Service"),
    ("Example Press", "Editorial office"),
)
KNOWN: Final = (
    ("Example Harbour", "Ida Exempel", "+46313900611"),
    ("Beispiel Verlag", "Jürgen Beispiel", "+493023125042"),
    ("Example Ferries", "Robin Example", "+12025550104"),
    ("Esimerkki Oy", "Aino Esimerkki", "+12025550107"),
)
"""Contacts of the demo tenant: the exchange sends no name for them, and they get theirs all the
same."""
_WAYS: Final[tuple[Literal["inbound", "outbound", "internal"], ...]] = (
    *("inbound",) * 6,
    *("outbound",) * 3,
    "internal",
)


def sample_calls(*, since: datetime, until: datetime, per_day: int) -> Iterator[IncomingCall]:
    """Calls that began between two moments, about `per_day` of them each day."""
    count = max(1, round(per_day * (until - since) / timedelta(days=1)))
    for _ in range(count):
        yield sample_call(since + (until - since) * _DICE.random())


def sample_call(start: datetime) -> IncomingCall:
    """One call that began at `start`; four in five were answered."""
    start = start.replace(microsecond=0)
    direction = _DICE.choice(_WAYS)
    own, other = _DICE.choice(_OWN), _outside()
    caller, called = (other, own) if direction == "inbound" else (own, other)
    company, contact = _DICE.choice(_COMPANIES)
    named = direction == "inbound" and other not in {number for _, _, number in KNOWN}
    answered = start + timedelta(seconds=_DICE.randint(2, 20)) if _DICE.random() < 0.8 else None
    return IncomingCall(
        direction=direction,
        source_id=f"demo-{_DICE.getrandbits(64):016x}",
        caller=caller,
        called=_DICE.choice(_OWN) if direction == "internal" else called,
        user_id=f"agent-{_OWN.index(own) + 1}",
        contact_person=contact if named else None,
        company=company if named else None,
        started_at=start,
        answered_at=answered,
        ended_at=(answered or start) + timedelta(seconds=_DICE.randint(5, 600)),
    )


def _outside() -> str:
    if _DICE.random() < 0.2:
        return _DICE.choice(KNOWN)[2]
    return _DICE.choice(
        (
            f"+1202555{_DICE.randint(100, 199):04d}",
            f"+46313900{_DICE.randint(600, 699)}",
            f"+493023125{_DICE.randint(0, 999):03d}",
        )
    )
