"""Microsoft as two providers: what service M declares, and calls, which only service T does."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar, Final

from connector.outbound.failures import SystemFailure
from connector.providers.microsoft.call_records import map_record
from connector.providers.microsoft.call_streams import read_pstn, read_records, readable
from connector.providers.microsoft.client import MicrosoftClient, Pace, request_headers
from connector.providers.microsoft.credentials import (
    BASE,
    CLIENT,
    REFRESH,
    SECRET,
    TENANT,
    MicrosoftCredentials,
    Places,
    check_entered,
)
from connector.providers.microsoft.customers import map_customer
from connector.providers.microsoft.documents import Values, unpack
from connector.providers.microsoft.failures import AccessDenied, NotThere, UnreadableJson
from connector.providers.microsoft.invoices import map_invoice
from connector.providers.microsoft.partner_streams import read_partner
from connector.providers.microsoft.pstn_calls import map_row
from connector.providers.microsoft.subscriptions import map_subscription
from connector.providers.microsoft.tokens import TokenMemory, Tokens
from connector.providers.port import (
    Connection,
    CredentialField,
    Cursor,
    Discovery,
    Opening,
    Page,
    Received,
    Stream,
)
from connector.synced.shapes import RecordKind
from privacy.core import clock
from privacy.core.errors import Invalid

Maps = Mapping[str, Callable[[dict[str, Any]], Received | None]]

CUSTOMERS: Final = Stream("customers", RecordKind.CONTACTS, "Customers")
SUBSCRIPTIONS: Final = Stream("subscriptions", RecordKind.SUBSCRIPTIONS, "Subscriptions")
INVOICES: Final = Stream("invoices", RecordKind.INVOICES, "Invoices")
CALL_RECORDS: Final = Stream("call_records", RecordKind.CALLS, "Teams calls")
PSTN_CALLS: Final = Stream("pstn_calls", RecordKind.CALLS, "Telephone calls")
BOTH: Final = "both"
CALLS: Final = CredentialField(
    "calls",
    "Which calls",
    secret=False,
    help="call_records: all of Teams. pstn_calls: the log of telephone calls. both: calls with a "
    "telephone then come from that log alone, so that none is kept twice.",
    default=CALL_RECORDS.name,
    choices=(CALL_RECORDS.name, PSTN_CALLS.name, BOTH),
)


class StreamNotDeclared(SystemFailure):
    """This kind of account has no such stream: its service declares no such data."""

    code = "stream_not_declared"
    message = "This service declares no such data, so it is not read."


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
        return places.login, places.partner_center

    def connect(self, opening: Opening) -> Connection:
        """See port.Provider."""
        return _PartnerConnection(opening, self.memory)


class MicrosoftCallsProvider(_Microsoft):
    """Graph: call records of Teams and the log of telephone calls, for a service that declares
    call data."""

    name: str = "microsoft_calls"
    credential: tuple[CredentialField, ...] = (TENANT, CLIENT, SECRET, CALLS, BASE)
    streams: tuple[Stream, ...] = (CALL_RECORDS, PSTN_CALLS)
    maps: ClassVar[Maps] = {CALL_RECORDS.name: map_record, PSTN_CALLS.name: map_row}

    def check(self, credential: Mapping[str, str], settings: Mapping[str, Any]) -> None:
        """See port.Provider."""
        super().check(credential, settings)
        if _wanted(credential) not in (CALL_RECORDS.name, PSTN_CALLS.name, BOTH):
            raise Invalid(fields={"calls": "Choose call_records, pstn_calls or both."})

    def recipients(
        self, credential: Mapping[str, str], settings: Mapping[str, Any]
    ) -> tuple[str, ...]:
        """See port.Provider."""
        places = Places.of(credential)
        return places.login, places.graph

    def connect(self, opening: Opening) -> Connection:
        """See port.Provider."""
        return _CallsConnection(opening, self.memory)


class _PartnerConnection:
    def __init__(self, opening: Opening, memory: TokenMemory) -> None:
        self._key = MicrosoftCredentials.of(opening.credential).tenant_id
        self._client = MicrosoftClient(
            opening.outbound,
            Tokens(opening, memory),
            base_url=Places.of(opening.credential).partner_center,
            headers=request_headers(),
            pace=Pace.within(opening.patience),
        )

    def discover(self) -> Discovery:
        """See port.Connection."""
        streams = []
        denied: AccessDenied | None = None
        questions = (("/v1/customers", (CUSTOMERS, SUBSCRIPTIONS)), ("/v1/invoices", (INVOICES,)))
        for path, found in questions:
            try:
                self._client.get(path, {"size": 1}, where="test")
                streams += [stream.name for stream in found]
            except AccessDenied as failure:
                denied = failure
        if not streams and denied is not None:
            raise denied
        return Discovery(external_key=self._key, display_name=self._name(), streams=tuple(streams))

    def read(self, stream: str, cursor: Cursor | None, *, now: datetime) -> Iterator[Page]:
        """See port.Connection."""
        if stream not in MicrosoftProvider.maps:
            raise StreamNotDeclared(log=stream)
        return read_partner(self._client, stream, cursor)

    def _name(self) -> str:
        """The partner's own name, where this application may read it."""
        try:
            said = Values(self._client.get("/v1/profiles/billing", where="billing profile"))
        except (AccessDenied, NotThere):
            return ""
        return said.text("companyName")


class _CallsConnection:
    def __init__(self, opening: Opening, memory: TokenMemory) -> None:
        self._key = MicrosoftCredentials.of(opening.credential).tenant_id
        self._wanted = _wanted(opening.credential)
        self._client = graph_client(opening, memory)

    def discover(self) -> Discovery:
        """See port.Connection."""
        names = [stream.name for stream in MicrosoftCallsProvider.streams]
        asked = [name for name in names if self._wanted in (name, BOTH)]
        found = [name for name in asked if readable(self._client, name, now=clock.now())]
        if not found:
            raise AccessDenied(log="calls, 403")
        return Discovery(external_key=self._key, streams=tuple(found))

    def read(self, stream: str, cursor: Cursor | None, *, now: datetime) -> Iterator[Page]:
        """See port.Connection."""
        if stream == PSTN_CALLS.name:
            return read_pstn(self._client, cursor, now=now)
        if stream == CALL_RECORDS.name:
            telephones = self._wanted != BOTH
            return read_records(self._client, cursor, now=now, telephones=telephones)
        raise StreamNotDeclared(log=stream)


def graph_client(opening: Opening, memory: TokenMemory) -> MicrosoftClient:
    """Graph for an opened account."""
    return MicrosoftClient(
        opening.outbound,
        Tokens(opening, memory),
        base_url=Places.of(opening.credential).graph,
        pace=Pace.within(opening.patience),
    )


def _wanted(credential: Mapping[str, str]) -> str:
    return credential.get("calls", "").strip() or CALL_RECORDS.name


MICROSOFT: Final = MicrosoftProvider()
MICROSOFT_CALLS: Final = MicrosoftCallsProvider()
