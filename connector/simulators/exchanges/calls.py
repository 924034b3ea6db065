"""Calls that an exchange makes up: the same for the same seed, between reserved numbers."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

_NAMES: Final = ("Aino Esimerkki", "Robin Example", "Jürgen & Söhne", 'Elli "E" Testinen')
_SPACE: Final = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")


@dataclass(frozen=True, slots=True)
class MadeCall:
    """One call. `answered` is None for one that nobody took."""

    id: uuid.UUID
    number: int
    caller: str
    called: str
    extension: str
    name: str
    inbound: bool
    started: datetime
    answered: datetime | None
    ended: datetime

    @property
    def seconds(self) -> int:
        """From start to end."""
        return round((self.ended - self.started).total_seconds())

    @property
    def talked(self) -> int:
        """From answer to end."""
        since = self.answered
        return 0 if since is None else round((self.ended - since).total_seconds())


def make_call(seed: int, number: int, *, ended: datetime) -> MadeCall:
    """A call that has just ended; each fifth was not answered, two of three came from outside."""
    ended = ended.replace(microsecond=0)
    length = timedelta(seconds=12 + _digits(seed, number, "length") % 300)
    started, inbound = ended - length, number % 3 != 2
    outside = f"+1202555{100 + _digits(seed, number, 'who') % 100:04d}"
    extension = str(4100 + _digits(seed, number, "extension") % 20)
    return MadeCall(
        id=uuid.uuid5(_SPACE, f"{seed}/{number}/{ended.isoformat()}"),
        number=number,
        caller=outside if inbound else extension,
        called=extension if inbound else outside,
        extension=extension,
        name=_NAMES[number % len(_NAMES)],
        inbound=inbound,
        started=started,
        answered=started + timedelta(seconds=7) if number % 5 != 4 else None,
        ended=ended,
    )


def _digits(seed: int, number: int, name: str) -> int:
    digest = hashlib.sha256(f"{seed}/{number}/{name}".encode()).digest()
    return int.from_bytes(digest[:4], "big")
