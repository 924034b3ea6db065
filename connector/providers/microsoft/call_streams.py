"""Reading Graph's calls: changes where Graph tells them, else by time and with an overlap.

Graph answers with links to follow. They are kept without their host, which is always the
declared one. A page may be empty, a record may come twice, and a link may be forgotten by Graph
(410): then everything that it still has is read anew, and what is known is recognised.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from connector.outbound.failures import Failure, FailureKind
from connector.providers.microsoft.call_details import with_participants
from connector.providers.microsoft.call_records import has_telephone, received_record
from connector.providers.microsoft.client import MicrosoftClient
from connector.providers.microsoft.documents import Values, objects_in
from connector.providers.microsoft.failures import AccessDenied, Expired, UnreadableJson
from connector.providers.microsoft.pstn_calls import received_direct, received_row
from connector.providers.microsoft.streams import DIRECT_CALLS, PSTN_CALLS
from connector.providers.port import Cursor, Page, Received

RECORDS: Final = "/v1.0/communications/callRecords"
KEPT: Final = timedelta(days=30)
"""So long Graph has a call record, and service T a call."""
OVERLAP: Final = timedelta(days=1)
"""Records are written after a call's end, some of them hours later; filters know its start."""
LATE: Final = timedelta(days=2)
"""The same of the log of telephone calls."""
_LARGE: Final = 1000
_LINK, _DELTA, _SINCE, _BEGAN = "link", "delta", "since", "began"
_LOGS: Final = {PSTN_CALLS.name: "PstnCalls", DIRECT_CALLS.name: "DirectRoutingCalls"}
_SIZED: Final = {"Prefer": "odata.maxpagesize=200"}


def read_records(
    client: MicrosoftClient, cursor: Cursor | None, *, now: datetime, telephones: bool
) -> Iterator[Page]:
    """Call records. `telephones`: also those that the log of telephone calls has."""

    def made(document: dict[str, Any]) -> tuple[tuple[Received, ...], tuple[str, ...]]:
        return _records_in(client, document, telephones)

    yield from _read(client, cursor or {}, _open_records, made, now=now, overlap=OVERLAP)


def read_pstn(client: MicrosoftClient, cursor: Cursor | None, *, now: datetime) -> Iterator[Page]:
    """Rows of the log of telephone calls by calling plans."""
    yield from _read(client, cursor or {}, _open_log("PstnCalls"), _pstn_in, now=now, overlap=LATE)


def read_direct(client: MicrosoftClient, cursor: Cursor | None, *, now: datetime) -> Iterator[Page]:
    """Rows of the log of calls by direct routing."""
    begin = _open_log("DirectRoutingCalls")
    yield from _read(client, cursor or {}, begin, _direct_in, now=now, overlap=LATE)


Open = Callable[[MicrosoftClient, Cursor, datetime], dict[str, Any]]
Made = Callable[[dict[str, Any]], tuple[tuple[Received, ...], tuple[str, ...]]]


def _read(
    client: MicrosoftClient,
    cursor: Cursor,
    begin: Open,
    made: Made,
    *,
    now: datetime,
    overlap: timedelta,
) -> Iterator[Page]:
    began = _moment(cursor, _BEGAN) or now
    try:
        document = _continued(client, cursor) or begin(client, cursor, now)
    except Expired:
        cursor = {name: value for name, value in cursor.items() if name == _SINCE}
        began, document = now, begin(client, cursor, now)
    while True:
        received, gone = made(document)
        following = _place(client, document, "@odata.nextLink")
        place = _next_cursor(client, document, cursor, following, began, overlap)
        yield from _in_portions(received, gone, cursor, place)
        if not following:
            return
        cursor = place
        document = client.follow(f"{client.base_url}{following}", where="calls", headers=_SIZED)


def _in_portions(
    received: tuple[Received, ...], gone: tuple[str, ...], before: Cursor, after: Cursor
) -> Iterator[Page]:
    """A large answer in parts; the cursor moves with the last one."""
    for start in range(0, max(len(received), 1), _LARGE):
        last = start + _LARGE >= len(received)
        yield Page(
            received=received[start : start + _LARGE],
            gone=gone if last else (),
            cursor=after if last else before,
        )


def _next_cursor(
    client: MicrosoftClient,
    document: dict[str, Any],
    cursor: Cursor,
    following: str,
    began: datetime,
    overlap: timedelta,
) -> Cursor:
    since = {_SINCE: cursor[_SINCE]} if cursor.get(_SINCE) else {}
    if following:
        return since | {_LINK: following, _BEGAN: began.isoformat()}
    delta = _place(client, document, "@odata.deltaLink")
    if delta:
        return {_DELTA: delta}
    return {_SINCE: (began - overlap).isoformat()}


def _continued(client: MicrosoftClient, cursor: Cursor) -> dict[str, Any] | None:
    place = cursor.get(_LINK) or cursor.get(_DELTA)
    if not isinstance(place, str):
        return None
    return client.follow(f"{client.base_url}{place}", where="calls", headers=_SIZED)


def _open_records(client: MicrosoftClient, cursor: Cursor, now: datetime) -> dict[str, Any]:
    """Changes, unless it is known that this Graph tells none; then by time."""
    since = _moment(cursor, _SINCE)
    if since is None:
        try:
            return client.get(f"{RECORDS}/delta", where="call records", headers=_SIZED)
        except Failure as failure:
            if failure.kind is not FailureKind.SYSTEM:
                raise
    begin = max(since or now - KEPT, now - KEPT)
    query = {"$filter": f"startDateTime ge {_said(begin)}"}
    return client.get(RECORDS, query, where="call records", headers=_SIZED)


def _open_log(log: str) -> Open:
    def opened(client: MicrosoftClient, cursor: Cursor, now: datetime) -> dict[str, Any]:
        begin = max(_moment(cursor, _SINCE) or now - KEPT, now - KEPT)
        return client.get(log_path(log, begin, now), where="telephone calls")

    return opened


def log_path(log: str, begin: datetime, end: datetime) -> str:
    """Where a log of telephone calls that began between two moments is."""
    return f"{RECORDS}/get{log}(fromDateTime={_said(begin)},toDateTime={_said(end)})"


def _records_in(
    client: MicrosoftClient, document: dict[str, Any], telephones: bool
) -> tuple[tuple[Received, ...], tuple[str, ...]]:
    items = objects_in(document, "value", where="call records")
    gone = tuple(Values(each).string("id") for each in items if "@removed" in each)
    living = [each for each in items if "@removed" not in each and each.get("id")]
    whole = with_participants(client, living)
    wanted = (each for each in whole if telephones or not has_telephone(each))
    return tuple(filter(None, map(received_record, wanted))), tuple(filter(None, gone))


def _pstn_in(document: dict[str, Any]) -> tuple[tuple[Received, ...], tuple[str, ...]]:
    items = objects_in(document, "value", where="telephone calls")
    return tuple(filter(None, map(received_row, items))), ()


def _direct_in(document: dict[str, Any]) -> tuple[tuple[Received, ...], tuple[str, ...]]:
    items = objects_in(document, "value", where="telephone calls")
    return tuple(filter(None, map(received_direct, items))), ()


def _place(client: MicrosoftClient, document: dict[str, Any], name: str) -> str:
    """A link without its host. Raises UnreadableJson where it leads elsewhere."""
    link = document.get(name)
    if link is None:
        return ""
    base = f"{client.base_url}/"
    if not isinstance(link, str) or not link.startswith(base):
        raise UnreadableJson(log="calls, a link that leads elsewhere")
    return link[len(base) - 1 :].replace(" ", "%20")


def _moment(cursor: Cursor, name: str) -> datetime | None:
    found = cursor.get(name)
    return datetime.fromisoformat(found) if isinstance(found, str) else None


def _said(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def readable(client: MicrosoftClient, stream: str, *, now: datetime) -> bool:
    """A small question: whether this application may read a stream. Raises other failures."""
    hour = now - timedelta(hours=1)
    try:
        if stream in _LOGS:
            client.get(log_path(_LOGS[stream], hour, now), where="telephone calls")
        else:
            query = {"$filter": f"startDateTime ge {_said(hour)}"}
            client.get(RECORDS, query, where="call records", headers=_SIZED)
    except AccessDenied:
        return False
    return True
