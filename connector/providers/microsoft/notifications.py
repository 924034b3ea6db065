"""Graph's subscriptions to changes of call records."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from connector.providers.microsoft.client import MicrosoftClient
from connector.providers.microsoft.documents import Values
from connector.providers.microsoft.failures import NotThere, UnreadableJson

RESOURCE: Final = "/communications/callRecords"
LASTS: Final = timedelta(minutes=4200)
"""Graph allows 4230 minutes for call records; its clock need not be ours."""
_PATH: Final = "/v1.0/subscriptions"


@dataclass(frozen=True, slots=True)
class Notified:
    """A subscription as Graph made it."""

    id: str
    ends_at: datetime


def subscribe(client: MicrosoftClient, *, url: str, state: str, now: datetime) -> Notified:
    """Have changes told to `url`, each delivery with `state`. Graph posts a question to `url`
    and waits for its answer before it answers us. Raises Failure; one that was made without our
    knowing it ends by itself."""
    body = {
        "changeType": "created,updated",
        "notificationUrl": url,
        "lifecycleNotificationUrl": url,
        "resource": RESOURCE,
        "expirationDateTime": _said(now + LASTS),
        "clientState": state,
    }
    said = client.send("POST", _PATH, body, where="subscription")
    key = Values(said).string("id")
    if not key:
        raise UnreadableJson(log="subscription, without an id")
    return Notified(key, _end(said, now))


def renew(client: MicrosoftClient, key: str, *, now: datetime) -> datetime:
    """Have it last longer, which authorises it anew as well. Raises NotThere where it is gone."""
    body = {"expirationDateTime": _said(now + LASTS)}
    said = client.send("PATCH", _address(key), body, where="subscription", again=True)
    return _end(said, now)


def unsubscribe(client: MicrosoftClient, key: str) -> None:
    """Have nothing told any more. Nothing happens where it is gone."""
    try:
        client.send("DELETE", _address(key), where="subscription", again=True)
    except NotThere:
        return


def _address(key: str) -> str:
    return f"{_PATH}/{quote(key, safe='')}"


def _end(said: dict[str, Any], now: datetime) -> datetime:
    """As Graph says, but never later than we asked for."""
    return min(Values(said).moment("expirationDateTime") or now + LASTS, now + LASTS)


def _said(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.0000000Z")
