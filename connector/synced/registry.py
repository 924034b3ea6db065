"""Where each kind of record goes. Calls have a path of their own: connector.calls.ingest."""

from types import MappingProxyType
from typing import Any, Final

from connector.contacts.shelf import CONTACTS
from connector.invoices.shelf import INVOICES
from connector.payments.shelf import PAYMENTS
from connector.products.shelf import PRODUCTS
from connector.subscriptions.shelf import SUBSCRIPTIONS
from connector.synced.shapes import RecordKind
from connector.synced.shelf_sinks import ShelfSink
from connector.synced.shelves import Shelf
from connector.synced.sinks import Sink

_ALL: Final[tuple[Shelf[Any], ...]] = (CONTACTS, PRODUCTS, INVOICES, PAYMENTS, SUBSCRIPTIONS)

SHELVES: Final = MappingProxyType({shelf.kind: shelf for shelf in _ALL})

SINKS: Final = MappingProxyType[RecordKind, Sink]({shelf.kind: ShelfSink(shelf) for shelf in _ALL})
