"""What each system sends, and how it becomes records: from the bytes of a body to what is stored,
with the document that is kept beside each."""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from bench.reports import report
from bench.samples import Samples
from connector.calls.shapes import IncomingCall
from connector.providers.base import Delivery, RawCall
from connector.providers.microsoft.call_records import received_record
from connector.providers.microsoft.customers import received_customer
from connector.providers.microsoft.documents import read_object
from connector.providers.netvisor import customers, invoices, mapping
from connector.providers.netvisor.documents import read_nodes
from connector.providers.registry import MAPPINGS
from connector.simulators.exchanges import files, freeswitch, kamailio, twilio
from connector.simulators.exchanges.calls import MadeCall, make_call
from connector.simulators.exchanges.freeswitch import Encoding
from connector.simulators.exchanges.posts import Post
from connector.simulators.microsoft.books import seeded
from connector.simulators.netvisor import customers as netvisor_customers
from connector.simulators.netvisor import invoices as netvisor_invoices
from connector.simulators.netvisor.opening import open_desk
from connector.simulators.netvisor.questions import Question
from privacy.core import clock

_UTC: Final = ZoneInfo("UTC")
_URL: Final = "https://silta.example.com/in/x"


@dataclass(frozen=True, slots=True)
class Format:
    """`run` maps everything once and says how many records came of it; `size` in bytes."""

    name: str
    run: Callable[[], int]
    size: int


def formats(count: int) -> list[Format]:
    """Each with about `count` records."""
    calls = [make_call(1, number, ended=_ended(number)) for number in range(count)]
    return [
        _posted("freeswitch", "FreeSWITCH JSON with a bare nan", _freeswitch(calls, Encoding.JSON)),
        _posted("freeswitch", "FreeSWITCH JSON, 4 KB", _reports(count)),
        _posted("freeswitch", "FreeSWITCH XML", _freeswitch(calls, Encoding.XML)),
        _posted("asterisk", "Asterisk Master.csv", [files.master_csv(calls, zone=_UTC)]),
        _posted("threecx", "3CX CSV", [files.threecx_csv(calls)]),
        _posted("twilio", "Twilio callbacks", _twilio(calls)),
        _posted("kamailio", "Kamailio acc rows", _kamailio(calls)),
        _posted("moontalk", "Moontalk, batches of 1,000", _moontalk(count)),
        _netvisor(
            "Netvisor customers, XML",
            count,
            netvisor_customers.get_customer,
            "idlist",
            lambda body: [
                mapping.receive_customer(customers.read_customer(node))
                for node in read_nodes(body, customers.LISTED)
            ],
        ),
        _netvisor(
            "Netvisor invoices, XML",
            count,
            netvisor_invoices.get_invoice,
            "netvisorkeylist",
            lambda body: [
                mapping.receive_invoice(mapping.KeptInvoice(invoice=invoices.read_invoice(node)))
                for node in read_nodes(body, invoices.LISTED)
            ],
        ),
        _microsoft_customers(count),
        _graph(count),
    ]


def _ended(number: int) -> Any:
    return clock.now() - timedelta(minutes=number)


def _posted(kind: str, name: str, posts: list[Post]) -> Format:
    mapped, deliveries = MAPPINGS[kind], [_delivery(post) for post in posts]
    settings = mapped.settings_type()

    def run() -> int:
        found = 0
        for delivery in deliveries:
            for raw in mapped.split(delivery, settings):
                if isinstance(raw, RawCall):
                    found += isinstance(mapped.map(raw, settings), IncomingCall)
                    raw.document()
        return found

    return Format(name, run, sum(len(post.body) for post in posts))


def _delivery(post: Post) -> Delivery:
    query: Mapping[str, str] = MappingProxyType(
        dict(part.split("=", 1) for part in post.query.lstrip("?").split("&") if part)
    )
    return Delivery(
        body=post.body, content_type=post.content_type, query=query, received_at=clock.now()
    )


def _freeswitch(calls: list[MadeCall], encoding: Encoding) -> list[Post]:
    return [freeswitch.posts_of(call, encoding)[0] for call in calls]


def _reports(count: int) -> list[Post]:
    chance = random.Random(1)
    return [Post(report(chance)) for _ in range(count)]


def _twilio(calls: list[MadeCall]) -> list[Post]:
    return [post for call in calls for post in twilio.posts_of(call, url=_URL, token=_URL)]


def _kamailio(calls: list[MadeCall]) -> list[Post]:
    return [post for call in calls for post in kamailio.posts_of(call)]


def _moontalk(count: int) -> list[Post]:
    records = Samples(1).records(count=count)
    said = [{"id": each.pop("source_id"), **each} for each in records]
    batches = range(0, count, 1_000)
    return [Post(json.dumps({"calls": said[n : n + 1_000]}).encode()) for n in batches]


def _netvisor(
    name: str,
    count: int,
    ask: Callable[[Question], bytes],
    parameter: str,
    receive: Callable[[bytes], list[Any]],
) -> Format:
    """Answers with a hundred whole records each, as they are asked for."""
    desk = open_desk(customers=count)
    entries: Any = desk.books.customers if parameter == "idlist" else desk.books.invoices
    keys = list(map(str, entries))[:count]
    bodies = [
        ask(
            Question(
                desk.books,
                {parameter: ",".join(keys[start : start + 100])},
                *(b"", "GET", clock.now(), _UTC, 500),
            )
        )
        for start in range(0, len(keys), 100)
    ]
    return Format(name, lambda: sum(len(receive(body)) for body in bodies), sum(map(len, bodies)))


def _microsoft_customers(count: int) -> Format:
    books = seeded(1, customers=count, calls=0, now=clock.now())
    billing = books.billing
    whole = [each | {"billingProfile": billing[key]} for key, each in list(books.customers.items())]
    return _objects("Microsoft customers, JSON", whole, received_customer)


def _graph(count: int) -> Format:
    books = seeded(1, customers=0, calls=count, now=clock.now())
    return _objects("Graph call records, JSON", list(books.calls.records.values()), received_record)


def _objects(
    name: str, whole: list[dict[str, Any]], receive: Callable[[dict[str, Any]], object | None]
) -> Format:
    """Answers with a hundred things each."""
    bodies = [
        json.dumps({"value": whole[start : start + 100]}).encode()
        for start in range(0, len(whole), 100)
    ]

    def run() -> int:
        found = 0
        for body in bodies:
            for each in read_object(body, where="bench")["value"]:
                found += receive(each) is not None
        return found

    return Format(name, run, sum(map(len, bodies)))
