"""Subscriptions and products: what customers have, and what is sold."""

import uuid

from flask import Blueprint, render_template

from connector.http.console.records.facts import (
    product_facts,
    subscription_facts,
    subscription_lines,
)
from connector.http.console.records.listing import page_of, pager_of
from connector.http.console.records.origins import account_names
from connector.http.console.records.owners import owner_of
from connector.products.shelf import PRODUCTS
from connector.subscriptions.shelf import SUBSCRIPTIONS
from connector.synced.read import view_record
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission, allows

subscriptions = Blueprint("subscriptions", __name__, url_prefix="/subscriptions")


@subscriptions.get("")
@requires(Permission.SUBSCRIPTIONS_READ)
def index() -> str:
    """The latest change first."""
    with work_of_caller() as work:
        page = page_of(work, SUBSCRIPTIONS)
    return render_template(
        "records/subscriptions.html",
        subscriptions=[subscription_facts(view) for view in page.records],
        may_see_products=allows(caller(), Permission.PRODUCTS_READ),
        **pager_of("subscriptions.index", page),
    )


@subscriptions.get("/<uuid:subscription_id>")
@requires(Permission.SUBSCRIPTIONS_READ)
def show(subscription_id: uuid.UUID) -> str:
    """One subscription, and whose it is."""
    with work_of_caller() as work:
        view = view_record(
            work, vault=services().vault, shelf=SUBSCRIPTIONS, record_id=subscription_id
        )
        names, owner = account_names(work), owner_of(work, view, view.record.customer)
    return render_template(
        "records/subscription.html",
        subscription=subscription_facts(view),
        facts=subscription_lines(view, names),
        owner=owner,
    )


@subscriptions.get("/products")
@requires(Permission.PRODUCTS_READ)
def products() -> str:
    """What is sold."""
    with work_of_caller() as work:
        page, names = page_of(work, PRODUCTS), account_names(work)
    return render_template(
        "records/products.html",
        products=[product_facts(view, names) for view in page.records],
        may_see_subscriptions=allows(caller(), Permission.SUBSCRIPTIONS_READ),
        **pager_of("subscriptions.products", page),
    )
