"""Microsoft as two providers: what service M declares, and calls, which only service T does."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

import msgspec

from connector.calls.shapes import IncomingCall
from connector.providers.microsoft.call_records import map_record
from connector.providers.microsoft.connections import CallsConnection, PartnerConnection
from connector.providers.microsoft.credentials import (
    BASE,
    CLIENT,
    PARTNER_CENTER,
    REFRESH,
    SECRET,
    TENANT,
    Places,
    check_entered,
)
from connector.providers.microsoft.customers import map_customer
from connector.providers.microsoft.documents import unpack
from connector.providers.microsoft.failures import UnreadableJson
from connector.providers.microsoft.invoices import map_invoice
from connector.providers.microsoft.pstn_calls import map_direct, map_row
from connector.providers.microsoft.signed_events import AUTHORITIES, STORE
from connector.providers.microsoft.streams import (
    CALL_RECORDS,
    CALLS,
    CUSTOMERS,
    DIRECT_CALLS,
    INVOICES,
    PSTN_CALLS,
    SUBSCRIPTIONS,
    wanted_calls,
)
from connector.providers.microsoft.subscriptions import map_subscription
from connector.providers.microsoft.tokens import TokenMemory
from connector.providers.port import (
    Connection,
    CredentialField,
    Opening,
    Received,
    Stream,
)
from privacy.core.errors import Invalid

Maps = Mapping[str, Callable[[dict[str, Any]], Received | None]]


class _Microsoft:
    """What both have in common. One object a process: it remembers access tokens."""

    name: str
    credential: tuple[CredentialField, ...]
    streams: tuple[Stream, ...]
    maps: ClassVar[Maps]

    def __init__(self, memory: TokenMemory | None = None) -> None:
        self.memory = memory or TokenMemory()

    def check(self, credential: Mapping[str, str], settings: Mapping[str, Any]) -> None:
        """See port.Provider."""
        check_entered(credential)

    def remap(self, stream: str, document: bytes) -> Received | None:
        """See port.Provider."""
        try:
            return self.maps[stream](unpack(document))
        except UnreadableJson:
            return None


class MicrosoftProvider(_Microsoft):
    """Partner Center: customers, subscriptions, invoices. No calls: service M declares none."""

    name: str = "microsoft"
    credential: tuple[CredentialField, ...] = (TENANT, CLIENT, SECRET, REFRESH, BASE)
    streams: tuple[Stream, ...] = (CUSTOMERS, SUBSCRIPTIONS, INVOICES)
    maps: ClassVar[Maps] = {
        CUSTOMERS.name: map_customer,
        SUBSCRIPTIONS.name: map_subscription,
        INVOICES.name: map_invoice,
    }

    def recipients(
        self, credential: Mapping[str, str], settings: Mapping[str, Any]
    ) -> tuple[str, ...]:
        """See port.Provider."""
        places = Places.of(credential)
        asked = (places.login, places.partner_center)
        real = places.partner_center == PARTNER_CENTER
        return (*asked, f"https://{STORE}", f"https://{AUTHORITIES}") if real else asked

    def connect(self, opening: Opening) -> Connection:
        """See port.Provider."""
        return PartnerConnection(opening, self.memory)


class MicrosoftCallsProvider(_Microsoft):
    """Graph: call records of Teams and the log of telephone calls, for a service that declares
    call data."""

    name: str = "microsoft_calls"
    credential: tuple[CredentialField, ...] = (TENANT, CLIENT, SECRET, CALLS, BASE)
    streams: tuple[Stream, ...] = (CALL_RECORDS, PSTN_CALLS, DIRECT_CALLS)
    maps: ClassVar[Maps] = {
        CALL_RECORDS.name: map_record,
        PSTN_CALLS.name: map_row,
        DIRECT_CALLS.name: map_direct,
    }

    def check(self, credential: Mapping[str, str], settings: Mapping[str, Any]) -> None:
        """See port.Provider."""
        super().check(credential, settings)
        if wanted_calls(credential) not in CALLS.choices:
            raise Invalid(fields={"calls": "Choose call_records, pstn_calls or both."})

    def recipients(
        self, credential: Mapping[str, str], settings: Mapping[str, Any]
    ) -> tuple[str, ...]:
        """See port.Provider."""
        places = Places.of(credential)
        return places.login, places.graph

    def connect(self, opening: Opening) -> Connection:
        """See port.Provider."""
        return CallsConnection(opening, self.memory)

    def reread(self, document: bytes) -> IncomingCall | None:
        """The call of a kept document: which stream it came by is told by the names in it."""
        try:
            names = set(unpack(document))
        except UnreadableJson:
            return None
        stream = next(stream for stream, known in _TOLD_BY.items() if names & known)
        found = self.remap(stream, document)
        if found is None or not isinstance(found.record, IncomingCall):
            return None
        call = found.record
        return msgspec.structs.replace(call, version=found.version or call.version)


_TOLD_BY: Final = {
    DIRECT_CALLS.name: {"inviteDateTime", "failureDateTime", "successfulCall"},
    PSTN_CALLS.name: {"callerNumber", "calleeNumber", "callType"},
    CALL_RECORDS.name: {"id"},
}
"""Names that the documents of those before do not have; every document has an id."""

MICROSOFT: Final = MicrosoftProvider()
MICROSOFT_CALLS: Final = MicrosoftCallsProvider()
