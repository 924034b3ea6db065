"""The marketplace's face, as its description has it."""

from typing import Final

from connector.http.api.faces import Face
from connector.http.marketplace.refusals import KEY_REFUSALS
from privacy.core.errors import Forbidden, Unauthenticated

_DESCRIPTION: Final = """For a marketplace that sells Silta's services: provision, change, suspend,
resume, terminate, count.

**Key.** Send `x-api-key`, by https only. An operator of the installation makes it.

**Orders.** Every changing call has an `order_id` of the marketplace's own. Sent again, it is
answered alike (`Idempotent-Replayed: true`) and nothing is done. With another content it is
refused (422, `order_id_reused`); while the first call runs, with 409.

**Errors** are `application/problem+json` (RFC 9457). Programs go by `code`.
"""

MARKETPLACE: Final = Face(
    blueprint="marketplace",
    title="Silta for marketplaces",
    description=_DESCRIPTION,
    tags={"marketplace": "Subscriptions, from the order to the end of the data."},
    key_name="marketplaceKey",
    security={
        "type": "apiKey",
        "in": "header",
        "name": "x-api-key",
        "description": "46 letters and digits, from `silta marketplace key`.",
    },
    refusals=(Unauthenticated, *KEY_REFUSALS, Forbidden),
    rated=False,
)
