"""Why a marketplace is refused, for the description."""

from typing import Final

from privacy.core.errors import Unauthenticated


class InvalidMarketplaceKey(Unauthenticated):
    """Mistyped, closed, or never made."""

    code = "invalid_marketplace_key"
    message = "This key does not work here."


KEY_REFUSALS: Final = (InvalidMarketplaceKey,)
