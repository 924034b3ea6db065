"""Products, in: productlist.nv."""

from decimal import Decimal
from typing import Final

import msgspec

from connector.providers.netvisor.documents import Node
from connector.providers.netvisor.texts import Texts

LISTED: Final = frozenset({"product"})


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the list."""

    netvisor_key: int
    code: str | None = None
    name: str | None = None
    unit_price: Decimal | None = None
    """Without tax."""
    unit_gross_price: Decimal | None = None
    group: str | None = None
    unread: tuple[str, ...] = ()


def read_product(node: Node) -> Product | None:
    """A row of productlist; None without a key."""
    unread: list[str] = []
    said = Texts(node, unread)
    key = said.key("netvisorkey")
    if key is None:
        return None
    return Product(
        netvisor_key=key,
        code=said.text("productcode"),
        name=said.text("name"),
        unit_price=said.decimal("unitprice"),
        unit_gross_price=said.decimal("unitgrossprice"),
        group=said.text("productgroupdescription"),
        unread=tuple(unread),
    )
