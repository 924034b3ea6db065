"""Proof of work: a number that makes SHA-256 of the challenge begin with zeros (hashcash).

It costs a browser a second and a sender of thousands real money; it asks nothing of the person,
shows no picture, needs no mouse, no cookie and no third party.
"""

import hashlib
import math
import re
from typing import Final

EASY: Final = 15
HARD: Final = 20
"""Leading zero bits: from a tenth of a second to a few seconds on a telephone."""
CALM: Final = 30
"""Challenges for one form in ten minutes that are nobody's attack."""
_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)


def is_proof(challenge: str, number: str, *, bits: int) -> bool:
    """Whether `number` solves `challenge`. One hash, whatever was sent."""
    if _NUMBER.fullmatch(number) is None:
        return False
    digest = hashlib.sha256(f"{challenge}:{number}".encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - bits) == 0


def bits_for(recent: int) -> int:
    """How hard it is when `recent` challenges were made lately: each doubling adds a bit."""
    over = math.ceil(math.log2(recent / CALM)) if recent > CALM else 0
    return min(EASY + over, HARD)
