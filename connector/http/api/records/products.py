"""GET /api/v1/products."""

import uuid

from flask import Response

from connector.http.api.answers import answer
from connector.http.api.operations import Operation, describes
from connector.http.api.records import examples
from connector.http.api.records.pages import IN_ORDER, PageQuery, read_one, read_page
from connector.http.api.records.shapes import Products, StoredProduct
from connector.http.api.records.shown import product_of
from connector.products.shelf import PRODUCTS
from privacy.core.errors import Invalid, NotFound
from tenants.http.access import requires
from tenants.permissions import Permission


@requires(Permission.PRODUCTS_READ)
@describes(
    Operation(
        id="listProducts",
        summary="List products",
        description="Prices and names, as the connected system has them. " + IN_ORDER,
        tag="products",
        query=PageQuery,
        answer=Products,
        example={"products": [examples.PRODUCT], "next_cursor": None},
        problems=(Invalid,),
        mode=True,
    )
)
def list_all() -> Response:
    """A page of products."""
    page = read_page(PRODUCTS)
    return answer(Products([product_of(view) for view in page.records], page.next_cursor))


@requires(Permission.PRODUCTS_READ)
@describes(
    Operation(
        id="readProduct",
        summary="Read one product",
        description="A product by its id. One that is gone, never was or is another tenant's "
        "is 404.",
        tag="products",
        path={"product_id": "The product's id."},
        answer=StoredProduct,
        example=examples.PRODUCT,
        problems=(NotFound,),
        mode=True,
    )
)
def read(product_id: uuid.UUID) -> Response:
    """One product."""
    return answer(product_of(read_one(PRODUCTS, product_id)))
