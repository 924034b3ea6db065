"""Customers and sales invoices, out."""

from datetime import datetime

from connector.providers.netvisor.client import NetvisorClient
from connector.providers.netvisor.creation import Created, create_once
from connector.providers.netvisor.drafts import CustomerDraft, InvoiceDraft
from connector.providers.netvisor.reading import (
    PAGE,
    find_customer_by_code,
    list_invoices,
    read_invoices,
)
from connector.providers.netvisor.requests import customer_request, invoice_request
from connector.providers.netvisor.windows import OVERLAP, Window


def add_customer(
    client: NetvisorClient, draft: CustomerDraft, *, attempted_before: bool
) -> Created:
    """Add a customer once. Its code finds it again, so it must have one. Raises Failure."""
    if not draft.code or not draft.name:
        raise ValueError("a customer to add has a code and a name")
    code = draft.code
    return create_once(
        client,
        resource="customer",
        query={"method": "add"},
        body=customer_request(draft),
        look=lambda: find_customer_by_code(client, code),
        attempted_before=attempted_before,
    )


def change_customer(client: NetvisorClient, key: int, draft: CustomerDraft) -> None:
    """Set values of a customer; again after a failure, since the outcome is the same."""
    query = {"method": "edit", "id": str(key)}
    client.patience.repeat(lambda: client.write("customer", query, customer_request(draft)))


def add_invoice(
    client: NetvisorClient, draft: InvoiceDraft, *, first_tried_at: datetime, attempted_before: bool
) -> Created:
    """Add a sales invoice once; its marker finds it again.

    `first_tried_at`: when the first attempt ever began (aware). No invoice older than that can be
    the one, so no others are looked at. Raises Failure.
    """
    return create_once(
        client,
        resource="salesinvoice",
        query={"method": "add"},
        body=invoice_request(draft),
        look=lambda: find_invoice(client, draft, since=first_tried_at),
        attempted_before=attempted_before,
    )


def find_invoice(client: NetvisorClient, draft: InvoiceDraft, *, since: datetime) -> int | None:
    """The key of the invoice with this draft's marker among its customer's recent ones."""
    window = Window(since - OVERLAP, None)
    heads = list_invoices(client, window, customer_key=draft.customer_key)
    keys = [head.netvisor_key for head in heads]
    for start in range(0, len(keys), PAGE):
        for invoice in read_invoices(client, keys[start : start + PAGE]):
            if draft.marker in (invoice.private_comment or "").split():
                return invoice.netvisor_key
    return None
