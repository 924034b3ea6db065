"""Partner Center's events: a registration of one address, and deliveries to it, signed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from connector.outbound.client import Limits, Outbound
from connector.outbound.failures import Failure
from connector.outbound.recipients import Recipient, Recipients
from connector.simulators.microsoft.event_signing import EventSigner, event_body
from connector.simulators.microsoft.questions import Question
from connector.simulators.microsoft.refusals import of_partner_center

PREFIX: Final = "/webhooks/v1/registration"
NAMES: Final = (
    "invoice-ready",
    "reseller-relationship-accepted-by-customer",
    "subscription-updated",
    "test-created",
)
_LIMITS: Final = Limits(connect_seconds=3, idle_seconds=15, total_seconds=15)


@dataclass(slots=True)
class Events:
    """Whom to tell. Deliveries go to this machine only. `rights`: whether it may be used."""

    now: Callable[[], datetime]
    url: str = ""
    names: tuple[str, ...] = ()
    rights: bool = True
    delivered: list[int] = field(default_factory=list)
    _signer: EventSigner | None = None

    @property
    def signer(self) -> EventSigner:
        """Made when it is first asked for: keys take their time."""
        if self._signer is None:
            self._signer = EventSigner.made(self.now())
        return self._signer

    def answer(self, question: Question) -> Any:
        """GET, POST, PUT of the registration, and the names of events. Raises Refusal."""
        if not self.rights:
            raise of_partner_center(403, "3000", "The application lacks a permission")
        rest = question.path.removeprefix(PREFIX)
        if rest == "/events" and question.method == "GET":
            return list(NAMES)
        if rest or question.method not in ("GET", "POST", "PUT"):
            raise of_partner_center(404, "600009", "Resource not found")
        known = bool(self.url)
        if question.method != "GET":
            self._register(question, known)
        elif not known:
            raise of_partner_center(404, "600009", "There is no registration")
        return {"SubscriberId": "1", "WebhookUrl": self.url, "WebhookEvents": list(self.names)}

    def _register(self, question: Question, known: bool) -> None:
        if known is (question.method == "POST"):
            raise of_partner_center(409 if known else 404, "600010", "Registration state")
        said = question.json if isinstance(question.json, dict) else {}
        names = said.get("WebhookEvents")
        if not isinstance(names, list) or not set(names) <= set(NAMES):
            raise of_partner_center(400, "600011", "An event is not known")
        self.url, self.names = str(said.get("WebhookUrl")), tuple(names)

    def tell(self, base: str, name: str, *, signer: EventSigner | None = None) -> int:
        """Post an event to the registered address; its answer's status, 0 where nobody answered.

        Args:
            base: where this simulator is, and with it the certificate.
        """
        body = event_body(name, name.partition("-")[0], self.now())
        headers = (signer or self.signer).headers(body, base)
        outbound = Outbound(Recipients([Recipient.of(self.url)]), loopback=True)
        try:
            answer = outbound.send("POST", self.url, headers=headers, body=body, limits=_LIMITS)
        except Failure:
            self.delivered.append(0)
        else:
            self.delivered.append(answer.status)
        return self.delivered[-1]
