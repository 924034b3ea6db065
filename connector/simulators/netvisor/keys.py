"""The identity of the simulated company and its partner: the same for the same seed."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Keys:
    """What a client has to be given. Not secret: they open nothing but this simulator."""

    partner_id: str
    partner_key: str
    customer_id: str
    customer_key: str
    organisation_id: str = "1967543-8"

    @classmethod
    def of(cls, seed: int) -> "Keys":
        """Keys of 32 hexadecimal digits, like real ones."""
        return cls(
            partner_id=f"SIM_P_{seed}",
            partner_key=_digits(seed, "partner"),
            customer_id=f"SIM_C_{seed}",
            customer_key=_digits(seed, "customer"),
        )


def _digits(seed: int, name: str) -> str:
    return hashlib.sha256(f"{seed}/{name}".encode()).hexdigest()[:32].upper()
