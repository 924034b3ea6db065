"""Where the operations of records are."""

from flask import Blueprint

from connector.http.api.records import (
    bookings,
    contacts,
    documents,
    invoices,
    payments,
    products,
    subscriptions,
    writes,
)

CONTACT = "/v1/contacts/<uuid:contact_id>"


def add_routes(api: Blueprint) -> None:
    """Add them to the API."""
    route = api.add_url_rule
    route("/v1/contacts", "list_contacts", contacts.list_all)
    route("/v1/contacts", "create_contact", writes.create, methods=["POST"])
    route("/v1/contacts/search", "search_contacts", contacts.search, methods=["POST"])
    route(CONTACT, "read_contact", contacts.read)
    route(CONTACT, "change_contact", writes.change, methods=["PUT"])
    route(CONTACT, "erase_contact", writes.delete, methods=["DELETE"])
    route(f"{CONTACT}/bookings", "book_contact", bookings.book, methods=["POST"])
    route("/v1/products", "list_products", products.list_all)
    route("/v1/products/<uuid:product_id>", "read_product", products.read)
    route("/v1/invoices", "list_invoices", invoices.list_all)
    route("/v1/invoices/<uuid:invoice_id>", "read_invoice", invoices.read)
    route("/v1/payments", "list_payments", payments.list_all)
    route("/v1/payments/<uuid:payment_id>", "read_payment", payments.read)
    route("/v1/documents", "list_outgoing", documents.list_all)
    route("/v1/documents/<uuid:document_id>", "read_outgoing", documents.read)
    route("/v1/subscriptions", "list_subscriptions", subscriptions.list_all)
    route("/v1/subscriptions/<uuid:subscription_id>", "read_subscription", subscriptions.read)
