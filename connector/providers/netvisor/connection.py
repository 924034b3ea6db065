"""One account of Netvisor, opened: the test call, and its streams page by page."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from connector.outgoing.shapes import Outgoing
from connector.providers.netvisor import mapping, reading, windows
from connector.providers.netvisor.adding import add
from connector.providers.netvisor.client import NetvisorClient
from connector.providers.netvisor.credentials import NetvisorCredentials
from connector.providers.netvisor.envelope import Refused
from connector.providers.netvisor.mapping import KeptInvoice
from connector.providers.netvisor.progress import Progress
from connector.providers.netvisor.windows import Plan, Window
from connector.providers.port import Cursor, Discovery, Page, Received
from connector.providers.sending import Added, Attempt
from connector.synced.shapes import RecordKind
from privacy.core import clock

CUSTOMERS, PRODUCTS, INVOICES, PAYMENTS = "customers", "products", "invoices", "payments"
KINDS: Final = {
    CUSTOMERS: RecordKind.CONTACTS,
    PRODUCTS: RecordKind.PRODUCTS,
    INVOICES: RecordKind.INVOICES,
    PAYMENTS: RecordKind.PAYMENTS,
}
_MOMENT: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Listed:
    """What a run has to bring: keys, and how to receive some of them with a count of values
    that made no sense; and what is gone."""

    keys: list[int]
    receive: Callable[[Sequence[int]], tuple[list[Received], int]]
    gone: tuple[str, ...] = ()


class NetvisorConnection:
    """Reads and adds. Raises Failure only."""

    def __init__(self, client: NetvisorClient, credentials: NetvisorCredentials) -> None:
        self._client = client
        self._credentials = credentials

    def discover(self) -> Discovery:
        """Ask each list for what changed a moment ago. One that Netvisor's settings close is no
        stream of this account; if all are closed, the account does not work."""
        open_ones, refused = [], None
        for stream in KINDS:
            try:
                self._ask(stream)
                open_ones.append(stream)
            except Refused as refusal:
                if refusal.netvisor_code != "SERVICE_ACCESS_ERROR":
                    raise
                refused = refusal
        if refused is not None and not open_ones:
            raise refused
        return Discovery(
            external_key=f"{_place(self._credentials)}/{self._credentials.organisation_id}",
            display_name=self._credentials.organisation_id,
            streams=tuple(open_ones),
        )

    def read(self, stream: str, cursor: Cursor | None, *, now: datetime) -> Iterator[Page]:
        """Pages of a hundred; the last one has what is gone, and the next run's cursor."""
        progress = Progress.read(cursor).begun(now)
        plan = progress.plan
        listed = _LISTERS[stream](self._client, plan)
        keys = [key for key in listed.keys if key > progress.above]
        first = progress.above == 0
        for start in range(0, max(len(keys), 1), reading.PAGE):
            some = keys[start : start + reading.PAGE]
            received, unread = listed.receive(some) if some else ([], 0)
            last = start + reading.PAGE >= len(keys)
            yield Page(
                received=tuple(received),
                gone=listed.gone if last else (),
                cursor=progress.finished() if last else progress.after(some[-1]),
                sweep_begins=plan.sweep and first and start == 0,
                sweep_ends=plan.sweep and last,
                estimated=len(keys),
                unread=unread,
            )

    def add(self, thing: Outgoing, attempt: Attempt) -> Added:
        """A customer or a sales invoice, exactly once."""
        return add(self._client, thing, attempt)

    def _ask(self, stream: str) -> None:
        since = clock.now() - _MOMENT
        _LISTERS[stream](self._client, Plan(False, since, None, windows.Cursor()))


def _place(credentials: NetvisorCredentials) -> str:
    """Test and production are different systems with the same business ids."""
    return credentials.base_url.partition("://")[2]


def _customers(client: NetvisorClient, plan: Plan) -> Listed:
    heads = reading.list_customers(client, plan.changed_since)
    keys = sorted({head.netvisor_key for head in heads})

    def receive(some: Sequence[int]) -> tuple[list[Received], int]:
        found = reading.read_customers(client, some)
        unread = sum(len(each.unread) for each in found)
        return [mapping.receive_customer(each) for each in found], unread

    return Listed(keys, receive)


def _products(client: NetvisorClient, plan: Plan) -> Listed:
    found = {each.netvisor_key: each for each in reading.list_products(client, plan.changed_since)}

    def receive(some: Sequence[int]) -> tuple[list[Received], int]:
        chosen = [found[key] for key in some]
        return [mapping.receive_product(each) for each in chosen], sum(
            len(each.unread) for each in chosen
        )

    return Listed(sorted(found), receive)


def _invoices(client: NetvisorClient, plan: Plan) -> Listed:
    window = Window(plan.changed_since, None)
    # Of a long list only what the whole records do not have is kept in memory.
    heads = {
        head.netvisor_key: (head.unpaid, head.status)
        for head in reading.list_invoices(client, window)
    }

    def receive(some: Sequence[int]) -> tuple[list[Received], int]:
        found = reading.read_invoices(client, some)
        unread = sum(len(each.unread) for each in found)
        kept = []
        for each in found:
            unpaid, status = heads.get(each.netvisor_key or 0, (None, None))
            kept.append(KeptInvoice(invoice=each, unpaid=unpaid, status=status))
        return [mapping.receive_invoice(each) for each in kept], unread

    gone: tuple[str, ...] = ()
    if plan.deleted_since is not None:
        told = reading.list_deleted_invoices(client, plan.deleted_since)
        gone = tuple(str(each.netvisor_key) for each in told)
    # A key that was deleted is not asked for; one that came back would be in the next run's list.
    deleted = set(gone)
    return Listed([key for key in sorted(heads) if str(key) not in deleted], receive, gone)


def _payments(client: NetvisorClient, plan: Plan) -> Listed:
    window = Window(plan.changed_since, None)
    found = {each.netvisor_key: each for each in reading.list_payments(client, window)}

    def receive(some: Sequence[int]) -> tuple[list[Received], int]:
        chosen = [found[key] for key in some]
        return [mapping.receive_payment(each) for each in chosen], sum(
            len(each.unread) for each in chosen
        )

    return Listed(sorted(found), receive)


_LISTERS: Final[dict[str, Callable[[NetvisorClient, Plan], Listed]]] = {
    CUSTOMERS: _customers,
    PRODUCTS: _products,
    INVOICES: _invoices,
    PAYMENTS: _payments,
}
