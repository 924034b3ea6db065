"""One message from gate to answer: authenticated, alone, answered in its turn."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from time import sleep
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from connector.providers.netvisor.signing import PREFIX
from connector.simulators.netvisor import customers, invoices, wares
from connector.simulators.netvisor.answers import failed
from connector.simulators.netvisor.books import Books
from connector.simulators.netvisor.faults import Faults
from connector.simulators.netvisor.gate import Claim, Gate
from connector.simulators.netvisor.keys import Keys
from connector.simulators.netvisor.questions import Question
from connector.simulators.netvisor.refusals import Refusal, invalid

RESOURCES: Final[Mapping[str, Callable[[Question], bytes]]] = MappingProxyType(
    {
        "customerlist": customers.customer_list,
        "getcustomer": customers.get_customer,
        "customer": customers.post_customer,
        "deletecustomer": customers.delete_customer,
        "salesinvoicelist": invoices.invoice_list,
        "getsalesinvoice": invoices.get_invoice,
        "salesinvoice": invoices.post_invoice,
        "deletedsalesinvoices": invoices.deleted_invoices,
        "salespaymentlist": wares.payment_list,
        "productlist": wares.product_list,
    }
)


@dataclass(frozen=True, slots=True)
class Message:
    """A request as it came. `url` is as on the wire, `path` without the slash; names of headers
    in lower case."""

    method: str
    url: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def resource(self) -> str:
        """In lower case, without `.nv`; empty for what is none."""
        name = self.path.lower()
        return name.removesuffix(".nv") if name.endswith(".nv") else ""

    @property
    def wants_statuses(self) -> bool:
        """Whether failures shall have an HTTP status."""
        wish = f"{PREFIX}UseHTTPResponseStatusCodes".lower()
        return self.headers.get(wish, "").strip() == "1"


@dataclass(slots=True)
class Desk:
    """The company behind the gate.

    `alone`: refuse a message while another is being answered, as Netvisor is apt to.
    `zone`: how moments in queries are read. `list_limit`: rows of an invoice or payment list.
    """

    books: Books
    keys: Keys
    gate: Gate
    now: Callable[[], datetime]
    zone: ZoneInfo
    list_limit: int = 500
    alone: bool = True
    faults: Faults = field(default_factory=Faults)
    counts: dict[str, int] = field(default_factory=dict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, message: Message, *, seconds: float = 0.0) -> tuple[int, bytes]:
        """Status and XML, after so many seconds of work."""
        try:
            return 200, self._answered(message, seconds)
        except Refusal as refusal:
            return self.refuse(message, refusal)

    def refuse(self, message: Message, refusal: Refusal) -> tuple[int, bytes]:
        """FAILED, with a status for whoever asked for one."""
        status = int(refusal.status) if message.wants_statuses else 200
        return status, failed(self.now(), refusal)

    def _answered(self, message: Message, seconds: float) -> bytes:
        now = self.now()
        self.gate.check(Claim.of(message.headers, self.keys), url=message.url, now=now)
        resource = RESOURCES.get(message.resource)
        if resource is None:
            raise invalid("Unknown resource")
        if not self._turn.acquire(blocking=not self.alone):
            raise Refusal("TECHNICAL_ERROR", "Another message is being handled")
        try:
            sleep(seconds)
            self.counts[message.resource] = self.counts.get(message.resource, 0) + 1
            query = {name.lower(): value for name, value in message.query.items()}
            asked = (message.body, message.method, now, self.zone, self.list_limit)
            return resource(Question(self.books, query, *asked))
        finally:
            self._turn.release()
