"""Which way a call went, where the exchange does not say.

Seen from the account: a party is inside when it is one of the account's own numbers, an
extension (few digits, no leading 0), or an address of a telephone (`sip:`, `client:`) without a
public number. Inside to inside is internal, from inside is outbound, all else is inbound.
"""

from connector.calls.numbers import canonical, is_withheld
from connector.calls.shapes import Direction
from connector.providers.settings import AccountSettings


def direction_of(
    caller: str | None,
    called: str | None,
    settings: AccountSettings,
    *,
    said: Direction | None = None,
) -> Direction:
    """The direction that the exchange said, or what the two parties tell."""
    if said is not None:
        return said
    if not is_inside(caller, settings):
        return "inbound"
    return "internal" if is_inside(called, settings) else "outbound"


def is_inside(number: str | None, settings: AccountSettings) -> bool:
    """Whether this party is at the exchange itself."""
    plain = canonical(number, settings.region)
    if plain is None or is_withheld(plain):
        return False
    if plain.startswith(("sip:", "sips:", "client:")):
        return True
    if plain.isdigit() and not plain.startswith("0"):
        return len(plain) <= settings.extension_digits
    return any(plain == canonical(own, settings.region) for own in settings.own_numbers)
