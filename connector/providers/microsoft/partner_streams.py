"""Reading Partner Center. It tells no changes, so each stream is swept, page by page.

A cursor holds the token of the page to be read next; where that is no longer known, the sweep
begins anew. Subscriptions are asked for customer by customer: their cursor holds the page of
customers and the last customer that is done.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import quote

from connector.outbound.failures import Failure
from connector.providers.microsoft.client import MicrosoftClient
from connector.providers.microsoft.customers import received_customer
from connector.providers.microsoft.documents import objects_in
from connector.providers.microsoft.failures import AccessDenied, Expired, NotThere
from connector.providers.microsoft.invoices import received_invoice
from connector.providers.microsoft.partner_pages import PartnerPage, pages_of
from connector.providers.microsoft.subscriptions import received_subscription
from connector.providers.port import Cursor, Page, Received

AT_ONCE: Final = 20
"""Customers whose subscriptions make a page."""
_PLACE, _AFTER, _UNDER_WAY, _REFUSED = "place", "after", "sweeping", "refused"
_DONE: Final[Cursor] = {_UNDER_WAY: False}

Read = Callable[[Cursor], Iterator[Page]]


def read_partner(client: MicrosoftClient, stream: str, cursor: Cursor | None) -> Iterator[Page]:
    """Pages of `customers`, `subscriptions` or `invoices`. Raises Failure."""
    reads: dict[str, Read] = {
        "customers": lambda place: _customers(client, place),
        "subscriptions": lambda place: _subscriptions(client, place),
        "invoices": lambda place: _invoices(client, place),
    }
    yield from _resumed(reads[stream], cursor or {})


def _resumed(read: Read, cursor: Cursor) -> Iterator[Page]:
    """From the cursor, or anew where its place is gone."""
    if cursor.get(_UNDER_WAY):
        pages = read(cursor)
        try:
            first = next(pages, None)
        except Expired:
            first = None
        if first is not None:
            yield first
            yield from pages
            return
    yield from read({})


def _customers(client: MicrosoftClient, cursor: Cursor) -> Iterator[Page]:
    begins = not cursor.get(_UNDER_WAY)
    for page in _listed(client, "/v1/customers", cursor, "customers"):
        whole = (_with_details(client, item) for item in page.items)
        received = tuple(filter(None, map(received_customer, whole)))
        yield _page(page, received, begins=begins)
        begins = False


def _with_details(client: MicrosoftClient, item: dict[str, Any]) -> dict[str, Any]:
    """A customer with its billing profile; as listed where the relationship allows no more."""
    key = item.get("id")
    if not isinstance(key, str) or not key:
        return item
    try:
        return item | client.get(f"/v1/customers/{quote(key, safe='')}", where="a customer")
    except (AccessDenied, NotThere):
        return item


def _invoices(client: MicrosoftClient, cursor: Cursor) -> Iterator[Page]:
    begins, payer = not cursor.get(_UNDER_WAY), _billing_profile(client)
    for page in _listed(client, "/v1/invoices", cursor, "invoices"):
        made = (received_invoice(item, payer) for item in page.items)
        yield _page(page, tuple(filter(None, made)), begins=begins)
        begins = False


def _billing_profile(client: MicrosoftClient) -> dict[str, Any]:
    """The partner's own; nothing for an application without a user, who may not read it."""
    try:
        return client.get("/v1/profiles/billing", where="billing profile")
    except (AccessDenied, NotThere):
        return {}


def _listed(
    client: MicrosoftClient, path: str, cursor: Cursor, where: str
) -> Iterator[PartnerPage]:
    return pages_of(client, path, place=str(cursor.get(_PLACE) or ""), where=where)


def _page(page: PartnerPage, received: tuple[Received, ...], *, begins: bool) -> Page:
    last = not page.following
    return Page(
        received=received,
        cursor=_DONE if last else {_UNDER_WAY: True, _PLACE: page.following},
        sweep_begins=begins,
        sweep_ends=last,
        estimated=page.total,
    )


def _subscriptions(client: MicrosoftClient, cursor: Cursor) -> Iterator[Page]:
    begins, refused = not cursor.get(_UNDER_WAY), int(cursor.get(_REFUSED) or 0)
    after, any_read = str(cursor.get(_AFTER) or ""), bool(cursor.get(_AFTER))
    for page in _listed(client, "/v1/customers", cursor, "customers"):
        keys = _keys_after(page, after)
        after = ""
        for start in range(0, max(len(keys), 1), AT_ONCE):
            some = keys[start : start + AT_ONCE]
            received, denied = _of_customers(client, some)
            refused, any_read = refused + len(denied), any_read or len(denied) < len(some)
            rest = start + AT_ONCE < len(keys)
            if denied and not any_read and not rest and not page.following:
                raise denied[0]
            yield _subscription_page(
                page, received, some, begins=begins, rest=rest, refused=refused
            )
            begins = False


def _subscription_page(
    page: PartnerPage,
    received: tuple[Received, ...],
    some: list[str],
    *,
    begins: bool,
    rest: bool,
    refused: int,
) -> Page:
    """The place after these customers. A sweep that was refused some customers removes nothing:
    what we may not look at is not gone."""
    last = not rest and not page.following
    place: dict[str, Any] = {_UNDER_WAY: True, _REFUSED: refused}
    place |= {_PLACE: page.place, _AFTER: some[-1]} if rest else {_PLACE: page.following}
    return Page(
        received=received,
        cursor=_DONE if last else place,
        sweep_begins=begins,
        sweep_ends=last and not refused,
    )


def _keys_after(page: PartnerPage, after: str) -> list[str]:
    """Ids of the page's customers behind the one that is done; all of them where it has gone."""
    keys = [key for item in page.items if isinstance(key := item.get("id"), str) and key]
    return keys[keys.index(after) + 1 :] if after in keys else keys


def _of_customers(
    client: MicrosoftClient, keys: list[str]
) -> tuple[tuple[Received, ...], list[Failure]]:
    received: list[Received] = []
    denied: list[Failure] = []
    for key in keys:
        path = f"/v1/customers/{quote(key, safe='')}/subscriptions"
        try:
            document = client.get(path, where="subscriptions")
        except NotThere:
            continue
        except AccessDenied as failure:
            denied.append(failure)
            continue
        items = objects_in(document, "items", where="subscriptions")
        made = (received_subscription(item, customer=key) for item in items)
        received.extend(filter(None, made))
    return tuple(received), denied
