"""The application that the simulated directory knows: the same for the same seed."""

import hashlib
import uuid
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Keys:
    """What a client has to be given. Not secret: they open nothing but this simulator."""

    tenant_id: str
    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)
    """The first one, as a sign-in with a second factor would give it."""

    @classmethod
    def of(cls, seed: int) -> "Keys":
        """Keys that look like real ones."""
        return cls(
            tenant_id=seeded_id(seed, "tenant"),
            client_id=seeded_id(seed, "client"),
            client_secret=f"Sim~{_digits(seed, 'secret')[:36]}",
            refresh_token=f"0.SIM.{_digits(seed, 'refresh')}",
        )


def seeded_id(seed: int, name: str) -> str:
    """An id in Microsoft's form."""
    return str(uuid.UUID(hex=_digits(seed, name)[:32], version=4))


def _digits(seed: int, name: str) -> str:
    return hashlib.sha256(f"microsoft/{seed}/{name}".encode()).hexdigest()
