"""Netvisor as a provider: what has to be entered, whom it asks, what it has."""

from collections.abc import Mapping
from typing import Any, Final

from connector.outbound.failures import BadRequest
from connector.providers.netvisor import mapping
from connector.providers.netvisor.client import PAUSES, NetvisorClient
from connector.providers.netvisor.connection import (
    CUSTOMERS,
    INVOICES,
    KINDS,
    PAYMENTS,
    PRODUCTS,
    NetvisorConnection,
)
from connector.providers.netvisor.fields import FIELDS, check_fields, read_fields
from connector.providers.port import CredentialField, Opening, Received, Stream
from privacy.core.errors import Invalid


class NetvisorProvider:
    """See connector.providers.port.Provider."""

    name: str = "netvisor"
    credential: tuple[CredentialField, ...] = FIELDS
    streams: tuple[Stream, ...] = (
        Stream(CUSTOMERS, KINDS[CUSTOMERS], "Customers"),
        Stream(PRODUCTS, KINDS[PRODUCTS], "Products"),
        Stream(INVOICES, KINDS[INVOICES], "Sales invoices"),
        Stream(PAYMENTS, KINDS[PAYMENTS], "Payments"),
    )

    def check(self, credential: Mapping[str, str], settings: Mapping[str, Any]) -> None:
        """Raises Invalid with `fields`."""
        check_fields(credential)

    def recipients(
        self, credential: Mapping[str, str], settings: Mapping[str, Any]
    ) -> tuple[str, ...]:
        """Production or test."""
        return (read_fields(credential).base_url,)

    def connect(self, opening: Opening) -> NetvisorConnection:
        """No network yet. Raises BadRequest for a credential that cannot be sent."""
        try:
            credentials = read_fields(opening.credential)
        except Invalid:
            raise BadRequest(log="a credential that is not complete") from None
        client = NetvisorClient(
            credentials,
            opening.outbound,
            alone=opening.alone,
            pauses=PAUSES if opening.patience is None else (),
            pause=opening.pause,
        )
        return NetvisorConnection(client, credentials)

    def remap(self, stream: str, document: bytes) -> Received | None:
        """None where the document cannot be read any more."""
        return mapping.remap(stream, document)


NETVISOR: Final = NetvisorProvider()
