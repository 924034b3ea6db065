"""Customers, products, sales invoices and payments, in: lists, and whole records by pages."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Final, TypeVar

import msgspec

from connector.providers.netvisor import customers, invoices, payments, products
from connector.providers.netvisor.client import NetvisorClient
from connector.providers.netvisor.customers import Customer, CustomerHead
from connector.providers.netvisor.documents import Node
from connector.providers.netvisor.envelope import Refused
from connector.providers.netvisor.invoices import DeletedInvoice, InvoiceHead, SalesInvoice
from connector.providers.netvisor.payments import Payment
from connector.providers.netvisor.products import Product
from connector.providers.netvisor.values import write_date, write_moment
from connector.providers.netvisor.windows import Window

PAGE: Final = 100
"""Whole records asked for at once; Netvisor takes up to 500 keys."""
LIST_LIMIT: Final = 500
"""Some lists are said to end after this many rows; so a list that long is asked to go on."""

T = TypeVar("T")
R = TypeVar("R", Customer, SalesInvoice)


def list_customers(
    client: NetvisorClient, changed_since: datetime | None
) -> Iterator[CustomerHead]:
    """All customers, or those changed since a moment (aware, UTC)."""
    query = {} if changed_since is None else {"changedsince": write_moment(changed_since)}
    nodes = client.read("customerlist", query, customers.LISTED)
    return _known(nodes, customers.read_customer_head)


def find_customer_by_code(client: NetvisorClient, code: str) -> int | None:
    """The key of the customer with just this code. The keyword is looked for in other fields and
    in parts of them, too."""
    nodes = client.read("customerlist", {"keyword": code}, customers.LISTED)
    found = _known(nodes, customers.read_customer_head)
    return min((head.netvisor_key for head in found if head.code == code), default=None)


def list_products(client: NetvisorClient, changed_since: datetime | None) -> Iterator[Product]:
    """All products, or those changed since a moment (aware, UTC)."""
    query = {} if changed_since is None else {"changedsince": write_moment(changed_since)}
    return _known(client.read("productlist", query, products.LISTED), products.read_product)


def list_invoices(
    client: NetvisorClient, window: Window, *, customer_key: int | None = None
) -> Iterator[InvoiceHead]:
    """Sales invoices modified in a window, each once."""
    query = _modified(window)
    if customer_key is not None:
        query["customernetvisorkey"] = str(customer_key)
    read = _lister(client, "salesinvoicelist", invoices.LISTED, invoices.read_invoice_head)
    return _onward(read, query, "invoicesabovenetvisorkey", lambda head: head.netvisor_key)


def list_payments(client: NetvisorClient, window: Window) -> Iterator[Payment]:
    """Payments modified in a window, each once."""
    read = _lister(client, "salespaymentlist", payments.LISTED, payments.read_payment)
    return _onward(read, _modified(window), "abovenetvisorkey", lambda paid: paid.netvisor_key)


def list_deleted_invoices(client: NetvisorClient, since: date) -> Iterator[DeletedInvoice]:
    """Invoices deleted since a day; Netvisor knows seven."""
    query = {"deletedsince": write_date(since)}
    nodes = client.read("deletedsalesinvoices", query, invoices.DELETED)
    return _known(nodes, invoices.read_deleted_invoice)


def read_customers(client: NetvisorClient, keys: Sequence[int]) -> list[Customer]:
    """Whole customers by their keys; those that are gone meanwhile are left out."""

    def ask(some: Sequence[int]) -> list[Customer]:
        query = {"id": str(some[0])} if len(some) == 1 else {"idlist": _joined(some)}
        nodes = client.read("getcustomer", query, customers.LISTED)
        return [customers.read_customer(node) for node in nodes]

    return _whole(ask, keys)


def read_invoices(client: NetvisorClient, keys: Sequence[int]) -> list[SalesInvoice]:
    """Whole invoices by their keys, without their pictures; those that are gone are left out."""

    def ask(some: Sequence[int]) -> list[SalesInvoice]:
        name = "netvisorkey" if len(some) == 1 else "netvisorkeylist"
        query = {name: _joined(some), "pdfimage": "nopdf", "showcommentlines": "1"}
        nodes = client.read("getsalesinvoice", query, invoices.LISTED)
        return [invoices.read_invoice(node) for node in nodes]

    return _whole(ask, keys)


def _known(nodes: Iterator[Node], read: Callable[[Node], T | None]) -> Iterator[T]:
    return (record for node in nodes if (record := read(node)) is not None)


def _modified(window: Window) -> dict[str, str]:
    query = {}
    if window.start is not None:
        query["lastmodifiedstart"] = write_moment(window.start)
    if window.end is not None:
        query["lastmodifiedend"] = write_moment(window.end)
    return query


def _lister(
    client: NetvisorClient, resource: str, wanted: frozenset[str], read: Callable[[Node], T | None]
) -> Callable[[dict[str, str]], list[T]]:
    return lambda query: list(_known(client.read(resource, query, wanted), read))


def _onward(
    read: Callable[[dict[str, str]], list[T]],
    query: dict[str, str],
    above: str,
    key_of: Callable[[T], int],
) -> Iterator[T]:
    """Rows of a list, asked to go on above the highest key while it may have been cut short."""
    highest = 0
    while True:
        rows = read({**query, above: str(highest)} if highest else query)
        fresh = {key_of(row): row for row in rows if key_of(row) > highest}
        yield from fresh.values()
        if len(rows) < LIST_LIMIT or not fresh:
            return
        highest = max(fresh)


def _whole(ask: Callable[[Sequence[int]], list[R]], keys: Sequence[int]) -> list[R]:
    """Records by keys. One key that is gone can fail the whole question: then ask for halves."""
    if not keys:
        return []
    try:
        records = ask(keys)
    except Refused as refused:
        if len(keys) == 1 and refused.missing:
            return []
        if len(keys) == 1 or refused.netvisor_code != "INVALID_DATA":
            raise
        return _halves(ask, keys)
    if len(keys) == 1:
        return [msgspec.structs.replace(record, netvisor_key=keys[0]) for record in records[:1]]
    if any(record.netvisor_key is None for record in records):
        return _halves(ask, keys)
    return records


def _halves(ask: Callable[[Sequence[int]], list[R]], keys: Sequence[int]) -> list[R]:
    middle = len(keys) // 2
    return _whole(ask, keys[:middle]) + _whole(ask, keys[middle:])


def _joined(keys: Sequence[int]) -> str:
    return ",".join(map(str, keys))
