"""Subscriptions of Partner Center's customers (promise A15)."""

from typing import Any, Final

from connector.providers.microsoft.documents import Declared, Values, pack, pick
from connector.providers.port import Received
from connector.synced.shapes import Subscription

_IN_SUBSCRIPTION: Final = (
    *("id", "offerId", "offerName", "friendlyName", "quantity", "unitType", "creationDate"),
    *("effectiveStartDate", "commitmentEndDate", "status", "autoRenewEnabled", "orderId"),
)
SUBSCRIPTION: Final[Declared] = dict.fromkeys(_IN_SUBSCRIPTION)
CUSTOMER_ID: Final = "customerId"
"""Added to a kept document: Microsoft says it in the address alone."""


def received_subscription(raw: dict[str, Any], *, customer: str) -> Received | None:
    """A subscription as Microsoft sent it; None without an id."""
    return map_subscription({CUSTOMER_ID: customer} | pick(raw, SUBSCRIPTION))


def map_subscription(document: dict[str, Any]) -> Received | None:
    """A picked subscription."""
    said = Values(document)
    key, customer = said.string("id"), said.string(CUSTOMER_ID)
    if not key or not customer:
        return None
    subscription = Subscription(
        customer=customer,
        product=said.string("offerId"),
        product_name=said.string("friendlyName") or said.string("offerName"),
        quantity=said.decimal("quantity"),
        unit=said.string("unitType"),
        status=said.string("status").lower(),
        ordered_at=said.moment("creationDate"),
        started_at=said.moment("effectiveStartDate"),
        committed_until=said.moment("commitmentEndDate"),
        renews=said.flag("autoRenewEnabled"),
        order=said.string("orderId"),
    )
    return Received(external_id=key, record=subscription, document=pack(document))
