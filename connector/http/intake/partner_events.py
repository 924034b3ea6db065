"""Partner Center posts its events here, each to the address of one account."""

import uuid
from typing import Final

from flask import Response, request

from connector.http.api.inputs import raw_body
from connector.http.intake.strangers import note_strangers
from connector.outbound.trust import outbound_trust
from connector.providers.microsoft.signed_events import NotMicrosofts
from connector.syncs.stations import Station
from connector.watches.partner_events import take_event, whose_events
from privacy.core.db.work import Actor, ActorKind
from tenants.http.access import public
from tenants.http.services import services

LIMIT: Final = 64 * 1024
_REASON: Final = "Each event proves itself by Microsoft's signature; the address says whose it is."


@public(_REASON)
def take_partner_event(secret: str) -> Response:
    """202 once it is proven and noted. 401 for whatever is not proven."""
    body = raw_body(LIMIT)
    try:
        station, account_id = _station(secret)
        take_event(station, account_id=account_id, body=body, headers=dict(request.headers))
    except NotMicrosofts:
        note_strangers()
        raise
    return Response(status=202)


def _station(secret: str) -> tuple[Station, uuid.UUID]:
    held = services()
    tenant_id, account_id = whose_events(held.engines.app, secret)
    station = Station(
        held.engines.app,
        held.vault,
        tenant_id,
        Actor(ActorKind.ACCOUNT, account_id),
        loopback=held.settings.outbound_loopback,
        outbound=outbound_trust(held.settings),
    )
    return station, account_id
