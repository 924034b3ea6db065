"""Why a key is refused, for the description: the guard raises these by their codes."""

from typing import Final

from privacy.core.errors import Unauthenticated

_MESSAGE: Final = "This API key does not work here."


class InvalidKey(Unauthenticated):
    """Mistyped, or of no tenant."""

    code = "invalid_api_key"
    message = _MESSAGE


class RevokedKey(InvalidKey):
    """Closed in the console."""

    code = "api_key_revoked"


class ExpiredKey(InvalidKey):
    """Past the end that it was given."""

    code = "api_key_expired"


class ReplacedKey(InvalidKey):
    """Rotated, and the overlap is over."""

    code = "api_key_replaced"


class ElsewhereKey(InvalidKey):
    """From an address outside the key's networks."""

    code = "api_key_network"


class InactiveTenant(InvalidKey):
    """The tenant is suspended or gone."""

    code = "tenant_inactive"


KEY_REFUSALS: Final = (
    InvalidKey,
    RevokedKey,
    ExpiredKey,
    ReplacedKey,
    ElsewhereKey,
    InactiveTenant,
)
