"""Values drawn from a seed: the same for the same seed, number and name."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypeVar

T = TypeVar("T")

FIRST: Final = ("Aino", "Eero", "Ida", "Leo", "Maija", "Onni", "Saga", "Väinö")
LAST: Final = ("Koivu", "Lehto", "Mäki", "Niemi", "Ström", "Virta", "Åberg")


def draw(seed: int, number: int, name: str) -> int:
    """A number of 32 bits."""
    digest = hashlib.sha256(f"{seed}/{number}/{name}".encode()).digest()
    return int.from_bytes(digest[:4], "big")


def pick(seed: int, number: int, name: str, among: Sequence[T]) -> T:
    """One of several."""
    return among[draw(seed, number, name) % len(among)]


def moment_text(moment: datetime) -> str:
    """ISO 8601, whole seconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
