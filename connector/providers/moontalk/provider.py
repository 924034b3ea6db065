"""A Moontalk that is asked, as a provider: what has to be entered, whom it asks, what it has."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from connector.outbound.failures import BadRequest
from connector.providers.base import RawCall
from connector.providers.moontalk.answers import map_raw
from connector.providers.moontalk.client import MoontalkClient
from connector.providers.moontalk.fields import FIELDS, Source, read_fields
from connector.providers.moontalk.progress import Progress
from connector.providers.moontalk.reading import Reading
from connector.providers.moontalk.settings import MoontalkSettings
from connector.providers.moontalk.ways import Paging
from connector.providers.port import (
    CredentialField,
    Cursor,
    Discovery,
    Opening,
    Page,
    Received,
    Stream,
)
from connector.providers.settings import read_settings
from connector.synced.shapes import RecordKind
from privacy.core import clock
from privacy.core.errors import Invalid

CALLS: Final = "calls"
_HOUR: Final = timedelta(hours=1)


class MoontalkConnection:
    """See connector.providers.port.Connection."""

    def __init__(self, client: MoontalkClient, source: Source, settings: MoontalkSettings) -> None:
        self._source = source
        self._reading = Reading(client, source, settings)

    def discover(self) -> Discovery:
        """The first page of the last hour."""
        source = self._source
        place = str(source.first_page) if source.paging is Paging.PAGE else ""
        self._reading.ask(clock.now() - _HOUR, place=place)
        return Discovery(
            external_key=source.external_key,
            display_name=source.base_url.partition("://")[2],
            streams=(CALLS,),
        )

    def read(self, stream: str, cursor: Cursor | None, *, now: datetime) -> Iterator[Page]:
        """What changed since, or everything of the days that are kept. Calls end with their
        days: nothing is said to be gone."""
        progress = Progress.read(cursor).begun(self._source, now)
        yield from self._reading.pages(progress)


class MoontalkProvider:
    """See connector.providers.port.Provider."""

    name: str = "moontalk_pull"
    credential: tuple[CredentialField, ...] = FIELDS
    streams: tuple[Stream, ...] = (Stream(CALLS, RecordKind.CALLS, "Calls"),)

    def check(self, credential: Mapping[str, str], settings: Mapping[str, Any]) -> None:
        """Raises Invalid with `fields`."""
        read_fields(credential)
        read_settings(MoontalkSettings, dict(settings))

    def recipients(
        self, credential: Mapping[str, str], settings: Mapping[str, Any]
    ) -> tuple[str, ...]:
        """The tenant's own host."""
        return (read_fields(credential).base_url,)

    def connect(self, opening: Opening) -> MoontalkConnection:
        """No network yet. Raises BadRequest for what cannot be asked with."""
        try:
            source = read_fields(opening.credential)
            settings = read_settings(MoontalkSettings, dict(opening.settings))
        except Invalid:
            raise BadRequest(log="settings that are not complete") from None
        return MoontalkConnection(MoontalkClient(source, opening), source, settings)

    def remap(self, stream: str, document: bytes) -> Received | None:
        """With the usual places; an account's own mapping is connector.remaps' to apply."""
        try:
            raw = RawCall.from_document(document)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return None
        return map_raw(raw, MoontalkSettings())


MOONTALK_PULL: Final = MoontalkProvider()
