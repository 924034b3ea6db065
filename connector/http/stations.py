"""The caller's way to systems that are asked."""

from connector.outbound.trust import outbound_trust
from connector.syncs.stations import Station
from tenants.http.callers import caller
from tenants.http.services import services


def station_of_caller() -> Station:
    """Of the caller's tenant. Open no unit of work around a use case that takes one."""
    held, who = services(), caller()
    return Station(
        held.engines.app,
        held.vault,
        who.tenant_id,
        who.actor,
        loopback=held.settings.outbound_loopback,
        outbound=outbound_trust(held.settings),
    )
