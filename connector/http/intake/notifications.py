"""Microsoft tells of changes. Its handshake is answered, its deliveries are persisted and then
accepted; nothing is read from it here.

A delivery that cannot be persisted is an error, so Microsoft repeats it. One that is nobody's is
accepted as well, and counted: whoever guesses learns nothing.
"""

from typing import Final

from flask import Response, request

from connector.http.api.inputs import decode, raw_body
from connector.http.intake.strangers import note_strangers
from connector.watches.deliveries import Delivery, take_delivery
from privacy.core.errors import BadInput
from tenants.http.access import public
from tenants.http.services import services

LIMIT: Final = 1024 * 1024
LONGEST: Final = 1024
_REASON: Final = "Each delivery proves itself by its subscription's client state."


class WrongToken(BadInput):
    """What Microsoft would send back to be shown is plain text of some length."""

    code = "wrong_validation_token"


@public(_REASON)
def take_notifications() -> Response:
    """The handshake (with a token in the query), or a delivery."""
    asked = request.args.get("validationToken")
    if asked is not None:
        return _shake_hands(asked)
    strangers = take_delivery(services().engines.app, decode(Delivery, raw_body(LIMIT)))
    if strangers:
        note_strangers()
    return Response(status=202)


def _shake_hands(said: str) -> Response:
    """The decoded token as plain text, which no browser takes for a page: its type is fixed, and
    every answer forbids sniffing and scripts (headers.install)."""
    if not 0 < len(said) <= LONGEST or not said.isprintable():
        raise WrongToken
    return Response(said, 200, content_type="text/plain; charset=utf-8")
