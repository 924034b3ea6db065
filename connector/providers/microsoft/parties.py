"""Who took part in a call, as Graph writes identities."""

from dataclasses import dataclass
from typing import Final

from connector.providers.microsoft.documents import Declared, Values

_IDENTITY: Final[Declared] = {"id": None, "displayName": None}
PARTY: Final[Declared] = {
    "id": None,
    "identity": {"phone": _IDENTITY, "user": _IDENTITY, "guest": _IDENTITY},
}
"""What is kept of a party: a telephone number, a user's id, a name."""


@dataclass(frozen=True, slots=True)
class Party:
    """One side. `phone` is a number as Graph writes it; `user` an id of the directory."""

    phone: str = ""
    user: str = ""
    name: str = ""

    @property
    def outside(self) -> bool:
        """Not one of the directory's users."""
        return not self.user


def read_party(said: Values) -> Party:
    """A party; one of another kind (an application, a meeting's service) is empty."""
    identity = said.at("identity")
    phone, user, guest = identity.at("phone"), identity.at("user"), identity.at("guest")
    name = phone.string("displayName") or user.string("displayName") or guest.string("displayName")
    return Party(phone.string("id"), user.string("id"), name)
