"""Pages of a register go by the id of the last entry on the page before."""

import uuid

from flask import request

from privacy.core.errors import NotFound


def page_before() -> uuid.UUID | None:
    """The id in the address, if there is one. Raises NotFound for what is none."""
    text = request.args.get("before")
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        raise NotFound from None
