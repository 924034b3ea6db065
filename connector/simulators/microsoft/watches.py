"""Graph's subscriptions to changes: the handshake before one is made, and deliveries after."""

import html
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any, Final
from urllib.parse import quote

import msgspec

from connector.outbound.client import Answer, Limits, Outbound
from connector.outbound.failures import Failure
from connector.outbound.recipients import Recipient, Recipients
from connector.simulators.microsoft.keys import seeded_id
from connector.simulators.microsoft.questions import Question
from connector.simulators.microsoft.refusals import of_graph

LONGEST: Final = timedelta(minutes=4230)
_HANDSHAKE: Final = Limits(connect_seconds=5, idle_seconds=10, total_seconds=10)
_DELIVERY: Final = Limits(connect_seconds=3, idle_seconds=10, total_seconds=10)


@dataclass(slots=True)
class Watch:
    """One subscription."""

    id: str
    resource: str
    change_type: str
    url: str
    lifecycle_url: str
    client_state: str
    ends: datetime

    def shown(self) -> dict[str, Any]:
        """As the interface answers; never with its client state."""
        return {
            "id": self.id,
            "resource": self.resource,
            "changeType": self.change_type,
            "notificationUrl": self.url,
            "lifecycleNotificationUrl": self.lifecycle_url or None,
            "expirationDateTime": f"{self.ends:%Y-%m-%dT%H:%M:%S.%f}0Z",
            "clientState": None,
        }


class Watches:
    """Those that there are. Deliveries go to this machine only."""

    def __init__(self, tenant_id: str, now: Callable[[], datetime]) -> None:
        self._tenant_id = tenant_id
        self._now = now
        self._made = 0
        self._lock = threading.Lock()
        self.watches: dict[str, Watch] = {}
        self.delivered: list[int] = []
        """Statuses of deliveries; 0 where nobody answered."""

    def answer(self, question: Question) -> Any:
        """POST, PATCH, GET, DELETE. Raises Refusal."""
        key = question.path.removeprefix("/v1.0/subscriptions").strip("/").split("/")[0]
        if question.method == "POST" and not key:
            return self._create(question)
        watch = self.watches.get(key)
        if watch is None or watch.ends <= self._now():
            raise of_graph(404, "ResourceNotFound", "The subscription was not found")
        if question.method == "DELETE":
            del self.watches[key]
            return None
        if question.method == "PATCH":
            watch.ends = self._end(question)
        return watch.shown()

    def notify(self, key: str, *, version: int, state: str | None = None) -> list[int]:
        """Tell all who watch of a call record; statuses of their answers."""
        return [
            self._deliver(watch.url, self._change(watch, key, version, state))
            for watch in list(self.watches.values())
        ]

    def lifecycle(self, event: str) -> list[int]:
        """reauthorizationRequired, subscriptionRemoved (which removes), missed."""
        said = []
        for watch in list(self.watches.values()):
            body = {"lifecycleEvent": event} | self._common(watch, watch.client_state)
            if event == "subscriptionRemoved":
                del self.watches[watch.id]
            said.append(self._deliver(watch.lifecycle_url or watch.url, body))
        return said

    def _create(self, question: Question) -> dict[str, Any]:
        said = question.json if isinstance(question.json, dict) else {}
        url, lifecycle = str(said.get("notificationUrl")), said.get("lifecycleNotificationUrl")
        ends = self._end(question)
        for each in filter(None, (url, lifecycle)):
            self._shake_hands(str(each))
        with self._lock:
            self._made += 1
            key = seeded_id(self._made, f"watch/{self._tenant_id}")
            watch = Watch(
                key,
                str(said.get("resource")),
                str(said.get("changeType")),
                url,
                str(lifecycle or ""),
                str(said.get("clientState") or ""),
                ends,
            )
            self.watches[key] = watch
        return watch.shown()

    def _end(self, question: Question) -> datetime:
        said = question.json if isinstance(question.json, dict) else {}
        try:
            ends = datetime.fromisoformat(str(said["expirationDateTime"]))
            late = ends - self._now() > LONGEST
        except (KeyError, ValueError, TypeError):
            raise of_graph(400, "ValidationError", "expirationDateTime is not valid") from None
        if late or ends <= self._now():
            raise of_graph(400, "ValidationError", "expirationDateTime is out of range")
        return ends

    def _shake_hands(self, url: str) -> None:
        """The token, with what has to be escaped in it, must come back as plain text."""
        sent = f"Validation: {token_urlsafe(12)} <b>&\"'"
        address = f"{url}?validationToken={quote(sent, safe='')}"
        try:
            answer = self._post(address, b"", _HANDSHAKE)
        except (Failure, ValueError):
            answer = None
        kind = answer.headers.get("content-type", "") if answer else ""
        same = answer is not None and html.unescape(answer.body.decode("utf-8", "replace")) == sent
        if answer is None or answer.status != 200 or not same or not kind.startswith("text/plain"):
            raise of_graph(400, "ValidationError", "Subscription validation request failed")

    def _change(self, watch: Watch, key: str, version: int, state: str | None) -> dict[str, Any]:
        resource = f"communications/callRecords/{key}"
        kind = "#microsoft.graph.callRecords.callRecord"
        return self._common(watch, watch.client_state if state is None else state) | {
            "changeType": "created" if version == 1 else "updated",
            "resource": resource,
            "resourceData": {"@odata.type": kind, "@odata.id": resource, "id": key},
        }

    def _common(self, watch: Watch, state: str) -> dict[str, Any]:
        return {
            "subscriptionId": watch.id,
            "subscriptionExpirationDateTime": f"{watch.ends:%Y-%m-%dT%H:%M:%SZ}",
            "clientState": state,
            "tenantId": self._tenant_id,
        }

    def _deliver(self, url: str, entry: dict[str, Any]) -> int:
        try:
            status = self._post(url, msgspec.json.encode({"value": [entry]}), _DELIVERY).status
        except Failure:
            status = 0
        self.delivered.append(status)
        return status

    def _post(self, url: str, body: bytes, limits: Limits) -> Answer:
        recipient = Recipients([Recipient.of(url.partition("?")[0])])
        headers = {"Content-Type": "application/json" if body else "text/plain; charset=utf-8"}
        outbound = Outbound(recipient, loopback=True)
        return outbound.send("POST", url, headers=headers, body=body, limits=limits)
