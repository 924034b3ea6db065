"""GET /api/v1/subscriptions."""

import uuid

from flask import Response

from connector.http.api.answers import answer
from connector.http.api.operations import Operation, describes
from connector.http.api.records import examples
from connector.http.api.records.pages import IN_ORDER, PageQuery, read_one, read_page
from connector.http.api.records.shapes import StoredSubscription, Subscriptions
from connector.http.api.records.shown import subscription_of
from connector.subscriptions.shelf import SUBSCRIPTIONS
from privacy.core.errors import Invalid, NotFound
from tenants.http.access import requires
from tenants.permissions import Permission


@requires(Permission.SUBSCRIPTIONS_READ)
@describes(
    Operation(
        id="listSubscriptions",
        summary="List subscriptions",
        description="Which services and products a customer has, since when. " + IN_ORDER,
        tag="subscriptions",
        query=PageQuery,
        answer=Subscriptions,
        example={"subscriptions": [examples.SUBSCRIPTION], "next_cursor": None},
        problems=(Invalid,),
        mode=True,
    )
)
def list_all() -> Response:
    """A page of subscriptions."""
    page = read_page(SUBSCRIPTIONS)
    return answer(Subscriptions([subscription_of(view) for view in page.records], page.next_cursor))


@requires(Permission.SUBSCRIPTIONS_READ)
@describes(
    Operation(
        id="readSubscription",
        summary="Read one subscription",
        description="A subscription by its id. One that is gone, never was or is another tenant's "
        "is 404.",
        tag="subscriptions",
        path={"subscription_id": "The subscription's id."},
        answer=StoredSubscription,
        example=examples.SUBSCRIPTION,
        problems=(NotFound,),
        mode=True,
    )
)
def read(subscription_id: uuid.UUID) -> Response:
    """One subscription."""
    return answer(subscription_of(read_one(SUBSCRIPTIONS, subscription_id)))
