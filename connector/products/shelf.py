"""Where products are kept."""

from typing import Final

import msgspec
from sqlalchemy import Table

from connector.products import models
from connector.synced.kept import Kept
from connector.synced.shapes import Product, RecordKind
from connector.synced.shelves import Circumstances, Findings, Shelf
from privacy.vault.labels import Scope

_TABLE = models.Product.__table__
assert isinstance(_TABLE, Table)  # noqa: S101 - for the type checker


def findings_of(_product: Product, external_id: str, _seen: Circumstances) -> Findings:
    """A product is about nobody."""
    return Findings(about=(RecordKind.PRODUCTS, external_id))


PRODUCTS: Final[Shelf[Product]] = Shelf(
    kind=RecordKind.PRODUCTS,
    table=_TABLE,
    scope=Scope.DOCUMENTS,
    word="product",
    shape=Product,
    decoder=msgspec.msgpack.Decoder(Kept[Product]),
    read=findings_of,
    personal=False,
)
