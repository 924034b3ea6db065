"""Opened accounts: what a test call finds, and the pages of each stream."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from connector.outbound.client import Limits
from connector.outbound.failures import SystemFailure
from connector.outbound.statuses import failure_of
from connector.providers.microsoft.call_streams import (
    read_direct,
    read_pstn,
    read_records,
    readable,
)
from connector.providers.microsoft.client import MicrosoftClient, Pace, request_headers
from connector.providers.microsoft.credentials import MicrosoftCredentials, Places
from connector.providers.microsoft.documents import Values
from connector.providers.microsoft.failures import AccessDenied, NotThere
from connector.providers.microsoft.partner_streams import read_partner
from connector.providers.microsoft.signed_events import check_certificate_url
from connector.providers.microsoft.streams import (
    CALL_RECORDS,
    CUSTOMERS,
    DIRECT_CALLS,
    INVOICES,
    PSTN_CALLS,
    SUBSCRIPTIONS,
    wanted_streams,
)
from connector.providers.microsoft.tokens import TokenMemory, Tokens
from connector.providers.port import Cursor, Discovery, Opening, Page
from privacy.core import clock

_EVENTS: Final = "/webhooks/v1/registration"
_TESTS: Final = "test-created"
_WANTED: Final = ("subscription-", "invoice-", "customer-", "reseller-", "indirect-reseller-")
"""What is told that we read; of the rest nothing has to be sent to us."""
_CERTIFICATE: Final = Limits(
    connect_seconds=5, idle_seconds=5, total_seconds=8, answer_bytes=64 * 1024
)
_OF_PARTNER_CENTER: Final = (CUSTOMERS.name, SUBSCRIPTIONS.name, INVOICES.name)


class StreamNotDeclared(SystemFailure):
    """This kind of account has no such stream: its service declares no such data."""

    code = "stream_not_declared"
    message = "This service declares no such data, so it is not read."


class PartnerConnection:
    """Partner Center for an opened account; see port.Connection."""

    def __init__(self, opening: Opening, memory: TokenMemory) -> None:
        self._key = MicrosoftCredentials.of(opening.credential).tenant_id
        self._outbound = opening.outbound
        self._simulator = opening.credential.get("base_url", "").strip().rstrip("/")
        self._client = MicrosoftClient(
            opening.outbound,
            Tokens(opening, memory),
            base_url=Places.of(opening.credential).partner_center,
            headers=request_headers(),
            pace=Pace.within(opening.patience, opening.pause),
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
        if stream not in _OF_PARTNER_CENTER:
            raise StreamNotDeclared(log=stream)
        return read_partner(self._client, stream, cursor)

    def tell(self, url: str) -> None:
        """Have changes told to `url`, whatever was registered before. Raises Failure."""
        known = self._client.get_list(f"{_EVENTS}/events", where="events")
        names = [name for name in known if str(name).startswith(_WANTED)]
        body = {"WebhookUrl": url, "WebhookEvents": names}
        try:
            self._client.get(_EVENTS, where="event registration")
        except NotThere:
            self._client.send("POST", _EVENTS, body, where="event registration", again=True)
        else:
            self._client.send("PUT", _EVENTS, body, where="event registration", again=True)

    def tell_no_more(self) -> None:
        """Have no change told any more. Raises Failure.

        Partner Center knows no way to delete a registration (it is made, shown and updated): what
        is left is one of nothing but tests, which it sends to who asks for them.
        """
        try:
            known = self._client.get(_EVENTS, where="event registration")
        except NotThere:
            return
        body = {"WebhookUrl": Values(known).string("WebhookUrl"), "WebhookEvents": [_TESTS]}
        self._client.send("PUT", _EVENTS, body, where="event registration", again=True)

    def certificate(self, url: str) -> bytes:
        """What an event says that it is signed with. Raises NotMicrosofts, Failure."""
        return self.fetch(check_certificate_url(url, simulator=self._simulator))

    def fetch(self, url: str) -> bytes:
        """A certificate at a declared place. Raises Failure."""
        answer = self._outbound.send("GET", url, limits=_CERTIFICATE)
        if answer.status != 200:
            raise failure_of(answer, now=clock.now(), where="certificate")
        return answer.body

    def _name(self) -> str:
        """The partner's own name, where this application may read it."""
        try:
            said = Values(self._client.get("/v1/profiles/billing", where="billing profile"))
        except (AccessDenied, NotThere):
            return ""
        return said.string("companyName")


class CallsConnection:
    """Graph's calls for an opened account; see port.Connection."""

    def __init__(self, opening: Opening, memory: TokenMemory) -> None:
        self._key = MicrosoftCredentials.of(opening.credential).tenant_id
        self._streams = wanted_streams(opening.credential)
        self.graph = graph_client(opening, memory)

    def discover(self) -> Discovery:
        """See port.Connection."""
        names = [stream.name for stream in self._streams]
        found = [name for name in names if readable(self.graph, name, now=clock.now())]
        if not found:
            raise AccessDenied(log="calls, 403")
        return Discovery(external_key=self._key, streams=tuple(found))

    def read(self, stream: str, cursor: Cursor | None, *, now: datetime) -> Iterator[Page]:
        """See port.Connection."""
        if stream == PSTN_CALLS.name:
            return read_pstn(self.graph, cursor, now=now)
        if stream == DIRECT_CALLS.name:
            return read_direct(self.graph, cursor, now=now)
        if stream == CALL_RECORDS.name:
            telephones = PSTN_CALLS not in self._streams
            return read_records(self.graph, cursor, now=now, telephones=telephones)
        raise StreamNotDeclared(log=stream)


def graph_client(opening: Opening, memory: TokenMemory) -> MicrosoftClient:
    """Graph for an opened account."""
    return MicrosoftClient(
        opening.outbound,
        Tokens(opening, memory),
        base_url=Places.of(opening.credential).graph,
        pace=Pace.within(opening.patience, opening.pause),
    )
