"""GET /api/v1/me: which key is this?"""

import uuid

import msgspec
from flask import Response

from connector.http.api import examples
from connector.http.api.answers import answer
from connector.http.api.operations import Operation, describes
from privacy.core.errors import Unauthenticated
from tenants.http.access import public
from tenants.http.callers import caller
from tenants.principals import Mode, PrincipalKind


class Key(msgspec.Struct, frozen=True):
    """An API key as it is known here, without the key."""

    id: uuid.UUID
    tenant_id: uuid.UUID
    mode: Mode
    scopes: list[str]


@public("Every key may ask about itself, whatever its scopes; nobody without a key gets past.")
@describes(
    Operation(
        id="readKey",
        summary="Which key is this?",
        description="The tenant, the scopes and the mode of the key that is sent.",
        tag="key",
        answer=Key,
        example={
            "id": examples.KEY_ID,
            "tenant_id": examples.TENANT_ID,
            "mode": "live",
            "scopes": ["calls:search", "calls:write"],
        },
        mode=True,
    )
)
def read_key() -> Response:
    """The caller's own key."""
    who = caller()
    if who.kind is not PrincipalKind.API_KEY or who.id is None:
        raise Unauthenticated
    return answer(Key(who.id, who.tenant_id, who.mode, sorted(who.scopes)))
